// Vega's parts ship no types of their own; those of "vega" describe them.
declare module "vega-dataflow" {
  export { transforms } from "vega";
}
declare module "vega-parser" {
  export { parse } from "vega";
}
declare module "vega-view" {
  export { View } from "vega";
}
declare module "vega-encode";
declare module "vega-regression";
declare module "vega-transforms";
declare module "vega-view-transforms";
