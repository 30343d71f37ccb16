export { largest } from "./largest";
export { score } from "./score";
