import { Message } from "./protobuf";

/** Types of the elements of a tensor, by their numbers in ONNX. */
const elementTypes = { float: 1, int8: 3, int64: 7, string: 8, bool: 9, double: 11 } as const;

/** The type of the elements of a tensor. */
export type ElementType = keyof typeof elementTypes;

type Attribute = number | readonly bigint[] | readonly string[] | { readonly int: number };

/** An ONNX graph as it grows: every method gives the name of what it has added. */
export class Graph {
  readonly #nodes: Message[] = [];
  readonly #initializers: Message[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];
  #count = 0;
  /** The bytes of the weights and other constants. */
  constantBytes = 0;

  /** @param prefix what names of inner values begin with, and none of the inputs' do */
  constructor(readonly prefix: string) {}

  /** Declares an input; a text for a dimension names one that varies. */
  input(name: string, type: ElementType, dimensions: readonly (number | string)[]): string {
    this.#inputs.push(valueInfo(name, type, dimensions));
    return name;
  }

  /** Declares an output. */
  output(name: string, type: ElementType, dimensions: readonly (number | string)[]): void {
    this.#outputs.push(valueInfo(name, type, dimensions));
  }

  /** Adds a node with one output. @param attributes integers as `{ int }`, floats as numbers */
  node(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    options: { readonly domain?: string; readonly output?: string } = {},
  ): string {
    const output = options.output ?? this.#name();
    const node = new Message();
    for (const input of inputs) node.bytes(1, input);
    node.bytes(2, output).bytes(3, `${this.prefix}${type}_${this.#nodes.length}`).bytes(4, type);
    for (const [name, value] of Object.entries(attributes)) node.bytes(5, attributeOf(name, value));
    if (options.domain !== undefined) node.bytes(7, options.domain);
    this.#nodes.push(node);
    return output;
  }

  /** Adds a constant of numbers. */
  constant(
    type: Exclude<ElementType, "string" | "bool">,
    dimensions: readonly number[],
    values: ArrayLike<number | bigint>,
  ): string {
    const name = this.#name();
    const bytes = rawBytes(type, values);
    this.constantBytes += bytes.length;
    const tensor = new Message().packed(1, dimensions).int(2, elementTypes[type]);
    this.#initializers.push(tensor.bytes(8, name).bytes(9, bytes));
    return name;
  }

  /** Adds a constant of texts. */
  texts(values: readonly string[]): string {
    const name = this.#name();
    const tensor = new Message().packed(1, [values.length]).int(2, elementTypes.string);
    for (const value of values) tensor.bytes(6, value);
    this.#initializers.push(tensor.bytes(8, name));
    return name;
  }

  /** The whole file. @param notes by name */
  toModel(name: string, notes: readonly (readonly [string, string])[], usesMl: boolean): Uint8Array {
    const graph = new Message();
    for (const node of this.#nodes) graph.bytes(1, node);
    graph.bytes(2, name);
    for (const tensor of this.#initializers) graph.bytes(5, tensor);
    for (const input of this.#inputs) graph.bytes(11, input);
    for (const output of this.#outputs) graph.bytes(12, output);
    const model = new Message().int(1, 8).bytes(2, "logitpress").bytes(7, graph);
    model.bytes(8, new Message().bytes(1, "").int(2, 17));
    if (usesMl) model.bytes(8, new Message().bytes(1, "ai.onnx.ml").int(2, 3));
    for (const [key, value] of notes) model.bytes(14, new Message().bytes(1, key).bytes(2, value));
    return model.toBytes();
  }

  #name(): string {
    return `${this.prefix}${this.#count++}`;
  }
}

function valueInfo(name: string, type: ElementType, dimensions: readonly (number | string)[]): Message {
  const shape = new Message();
  for (const size of dimensions) {
    shape.bytes(1, typeof size === "number" ? new Message().int(1, size) : new Message().bytes(2, size));
  }
  const tensor = new Message().int(1, elementTypes[type]).bytes(2, shape);
  return new Message().bytes(1, name).bytes(2, new Message().bytes(1, tensor));
}

function attributeOf(name: string, value: Attribute): Message {
  const attribute = new Message().bytes(1, name);
  if (typeof value === "number") return attribute.float(2, value).int(20, 1);
  if ("int" in value) return attribute.int(3, value.int).int(20, 2);
  const texts = typeof value[0] === "string";
  for (const item of value) {
    if (texts) attribute.bytes(9, item as string);
    else attribute.int(8, item as bigint);
  }
  return attribute.int(20, texts ? 8 : 7);
}

function rawBytes(type: ElementType, values: ArrayLike<number | bigint>): Uint8Array {
  const numbers = values as ArrayLike<number>;
  const array =
    type === "float"
      ? Float32Array.from(numbers)
      : type === "double"
        ? Float64Array.from(numbers)
        : type === "int8"
          ? Int8Array.from(numbers)
          : BigInt64Array.from(Array.from(values, BigInt));
  return new Uint8Array(array.buffer);
}
