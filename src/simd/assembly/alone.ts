export { score } from "./score";
export { largest, scoreSingles } from "./score-singles";
