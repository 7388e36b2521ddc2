/** Other people's PDF software on the JVM, asked by the interop tests. */
package cn.eseal.peers;
