/** Where the program of a child is: beside this file, in TypeScript or compiled as this file is. */
export const childMainUrl: URL = new URL(import.meta.url.endsWith(".ts") ? "./child-main.ts" : "./child-main.js", import.meta.url);
