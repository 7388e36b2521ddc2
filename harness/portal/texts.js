// Every text of the page, in both languages.

export const LANGUAGES = { "zh-CN": "中文", en: "English" };

const zh = {
  site: "赣江电子印章服务平台",
  siteNote: "演示环境",
  skip: "跳到主要内容",
  language: "语言",
  signOut: "退出",
  foot: "本页面为电子印章 SDK 的演示门户，其中的人员与印章均为虚构，不具法律效力。",
  offline: "连接中断，正在重试……",

  signInTitle: "登录",
  signInLead: "使用统一身份账号登录，领取您的个人手绘章。",
  account: "账号",
  password: "密码",
  signIn: "登录",
  signingIn: "正在登录……",

  greeting: (name) => `${name}，您好`,
  claimTitle: "领取个人手绘章",
  steps: ["在手机上绘制", "领取并扫码", "在手机上确认", "印章生效"],

  noneTitle: "还没有待领取的签名",
  noneText: "请先在手机 App 中手写签名并提交。提交后，本页会自动显示，无需刷新。",

  drawnTitle: "您的签名已送达",
  drawnText: "请核对印面。点击“立即领取”后，页面会显示二维码，请用手机 App 扫码完成意愿认证。",
  claimNow: "立即领取",
  claiming: "正在发起……",
  faceAlt: "您手绘的签名",
  size: "印面尺寸",
  sizeValue: (width, height) => `${width} × ${height} 毫米`,
  fingerprint: "印面指纹",
  fingerprintNote: "扫码后，手机上会显示同样的指纹",

  codeTitle: "请用手机 App 扫码",
  codeText: "二维码每秒更新，截图和转发均无效。请勿让他人代为扫描。",
  codeAlt: "意愿认证二维码，每秒更新",
  codeLeft: (seconds) => `二维码还可使用 ${seconds} 秒`,
  codeStale: "网络不稳定，正在更新二维码……",
  codeOver: "二维码已停止更新",
  cancel: "取消",
  cancelling: "正在取消……",

  elsewhereTitle: "已在另一个浏览器窗口发起",
  elsewhereText: "二维码只在发起领取的窗口中显示。若不是您本人操作，请立即取消并修改密码。",
  cancelElsewhere: "取消该请求",

  scannedTitle: "已扫描，请在手机上确认",
  scannedText: "请在手机上核对内容后选择同意或拒绝。",
  scannedBy: "扫码手机",
  answerLeft: (time) => `剩余 ${time}`,

  approvedTitle: "已同意，正在制章",
  approvedText: "平台正在核验您的意愿凭证并制作印章，请稍候。",

  madeTitle: "印章已生效",
  madeText: "您的个人手绘章已制成，可在手机 App 中用于签署文件。再次绘制并领取会替换它。",

  declinedTitle: "您已在手机上拒绝",
  declinedText: "没有制作印章。如需领取，请在手机上重新绘制并提交签名。",
  withdrawnTitle: "该签名已被新的签名取代",

  lastExpired: "上一次扫码确认已超时，没有制作印章。",
  lastCancelled: "上一次领取已取消，没有制作印章。",
  lastRefused: "上一次的意愿凭证未通过核验，没有制作印章。",

  sealsTitle: "我的印章",
  sealsNone: "还没有印章。领取后会显示在这里。",
  sealKind: "个人手绘章",
  sealAlt: (number) => `个人手绘章 ${number} 的印面`,
  sealNumber: "编号",
  madeAt: "制作时间",
  validUntil: "有效期至",
  sealState: { active: "有效", replaced: "已被替换" },

  usagesTitle: "用印记录",
  usagesNone: "还没有用印记录。每次用印都会留痕于此。",
  usageDocument: "文件",
  usageSeal: "印章",
  usageDevice: "手机",
  usageTime: "时间",
  usageDigest: "文件摘要",

  errors: {
    "auth.bad-credentials": "账号或密码不正确。",
    "auth.no-session": "登录已过期，请重新登录。",
    "auth.too-many-tries": (seconds) => `尝试次数过多，请 ${seconds} 秒后再试。`,
    "consent.over": "该请求的状态已变化，请按最新页面操作。",
    network: "连接不上平台，请稍后再试。",
    other: "操作未成功，请稍后再试。",
  },
};

const en = {
  site: "Ganjiang Electronic Seal Service",
  siteNote: "Demonstration",
  skip: "Skip to main content",
  language: "Language",
  signOut: "Sign out",
  foot: "Demonstration portal of an electronic-seal SDK. Its persons and seals are invented and have no legal effect.",
  offline: "Connection lost, trying again…",

  signInTitle: "Sign in",
  signInLead: "Sign in to claim your handwritten seal.",
  account: "Account",
  password: "Password",
  signIn: "Sign in",
  signingIn: "Signing in…",

  greeting: (name) => `Hello, ${name}`,
  claimTitle: "Claim your handwritten seal",
  steps: ["Draw on the phone", "Claim and scan", "Confirm on the phone", "Seal in use"],

  noneTitle: "No signature to claim yet",
  noneText: "Draw your signature in the phone app and hand it in. It will appear here by itself.",

  drawnTitle: "Your signature has arrived",
  drawnText: "Check the seal face. \"Claim now\" shows a QR code on this page: scan it with the phone app to give your consent.",
  claimNow: "Claim now",
  claiming: "Starting…",
  faceAlt: "The signature you drew",
  size: "Size of the face",
  sizeValue: (width, height) => `${width} × ${height} mm`,
  fingerprint: "Fingerprint",
  fingerprintNote: "Your phone will show the same fingerprint",

  codeTitle: "Scan with the phone app",
  codeText: "The code changes every second; screenshots and forwarded copies do not work. Let nobody else scan it for you.",
  codeAlt: "QR code for your consent, changing every second",
  codeLeft: (seconds) => `The code can be used for another ${seconds} s`,
  codeStale: "Unstable connection, renewing the code…",
  codeOver: "The code is no longer renewed",
  cancel: "Cancel",
  cancelling: "Cancelling…",

  elsewhereTitle: "Started in another browser window",
  elsewhereText: "The code is shown only where the claim was started. If that was not you, cancel it now and change your password.",
  cancelElsewhere: "Cancel that request",

  scannedTitle: "Scanned: now confirm on the phone",
  scannedText: "Read what the phone shows, then approve or decline there.",
  scannedBy: "Phone",
  answerLeft: (time) => `${time} left`,

  approvedTitle: "Approved: making the seal",
  approvedText: "The platform is verifying your consent and making the seal.",

  madeTitle: "The seal is in use",
  madeText: "Your handwritten seal is made and can sign documents from the phone app. Drawing and claiming again replaces it.",

  declinedTitle: "You declined on the phone",
  declinedText: "No seal was made. To claim one, draw and hand in your signature again on the phone.",
  withdrawnTitle: "A newer signature took its place",

  lastExpired: "The last request ran out of time. No seal was made.",
  lastCancelled: "The last request was cancelled. No seal was made.",
  lastRefused: "The last consent did not pass verification. No seal was made.",

  sealsTitle: "My seals",
  sealsNone: "No seal yet. Once claimed, it will appear here.",
  sealKind: "Handwritten seal",
  sealAlt: (number) => `Face of handwritten seal ${number}`,
  sealNumber: "Number",
  madeAt: "Made",
  validUntil: "Valid until",
  sealState: { active: "In use", replaced: "Replaced" },

  usagesTitle: "Usage records",
  usagesNone: "No usage recorded yet. Every use of a seal leaves a record here.",
  usageDocument: "Document",
  usageSeal: "Seal",
  usageDevice: "Phone",
  usageTime: "Time",
  usageDigest: "Digest",

  errors: {
    "auth.bad-credentials": "The account or the password is not right.",
    "auth.no-session": "Your session is over. Please sign in again.",
    "auth.too-many-tries": (seconds) => `Too many tries. Please try again in ${seconds} seconds.`,
    "consent.over": "The request has moved on. Please go by what the page shows now.",
    network: "The platform cannot be reached. Please try again later.",
    other: "That did not work. Please try again later.",
  },
};

const TABLES = { "zh-CN": zh, en };
const STORED = "eseal.language";

/** The language that was chosen before, else the browser's. */
export function preferredLanguage() {
  let chosen = null;
  try {
    chosen = localStorage.getItem(STORED);
  } catch {
    // Storage is switched off: the browser's language it is.
  }
  if (chosen in TABLES) return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en";
}

export function rememberLanguage(language) {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // Storage is switched off: the choice holds for this page.
  }
}

export const textsOf = (language) => TABLES[language];

/** What to say about a refused call. */
export function sayRefused(texts, refused) {
  const text = texts.errors[refused.code] ?? texts.errors.other;
  return typeof text === "function" ? text(Math.max(1, Math.ceil((refused.retryAfterMs ?? 0) / 1000))) : text;
}
