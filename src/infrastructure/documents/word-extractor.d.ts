declare module 'word-extractor' {
  export default class WordExtractor {
    extract(file: Buffer | string): Promise<{ getBody(): string }>;
  }
}
