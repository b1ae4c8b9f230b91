declare module "libpg-query/wasm/libpg-query.js" {
  function createParser(options: {
    instantiateWasm(
      imports: WebAssembly.Imports,
      ready: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
    ): object;
  }): Promise<createParser.Parser>;

  namespace createParser {
    /** What the parser's module offers once it is ready. */
    type Parser = {
      _malloc(bytes: number): number;
      _free(at: number): void;
      _wasm_parse_query_raw(text: number): number;
      _wasm_free_parse_result(result: number): void;
      lengthBytesUTF8(text: string): number;
      stringToUTF8(text: string, at: number, bytes: number): void;
      UTF8ToString(at: number): string;
      getValue(at: number, type: "i32"): number;
    };
  }

  export = createParser;
}
