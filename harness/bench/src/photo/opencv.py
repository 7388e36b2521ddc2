"""adaptive thresholds of OpenCV: FOLDER PHOTOGRAPH… -> masks as PNG in the folder, times as JSON."""
import json, os, sys, time
import cv2

cv2.setNumThreads(1)
METHODS = {"mean": cv2.ADAPTIVE_THRESH_MEAN_C, "gaussian": cv2.ADAPTIVE_THRESH_GAUSSIAN_C}
folder, photographs = sys.argv[1], sys.argv[2:]
said = []
for name, method in METHODS.items():
    times = []
    for path in photographs:
        grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
        turns = []
        for _ in range(5):
            start = time.process_time()
            mask = cv2.adaptiveThreshold(grey, 255, method, cv2.THRESH_BINARY_INV, 125, 20)
            turns.append((time.process_time() - start) * 1e3)
        times.append(min(turns))
        cv2.imwrite(os.path.join(folder, f"opencv-{name}-{os.path.basename(path)}.png"), mask)
    said.append({"name": name, "ms": sum(times) / len(times)})
print(json.dumps({"version": cv2.__version__, "methods": said}))
