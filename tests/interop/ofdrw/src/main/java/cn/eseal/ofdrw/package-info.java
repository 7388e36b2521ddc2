/** ofdrw, asked by the interop tests and measured by the benchmarks. */
package cn.eseal.ofdrw;
