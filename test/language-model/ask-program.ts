import { AiSdkLanguageModel } from '../../src/infrastructure/language-model/ai-sdk-language-model.js';

/** A program of its own that asks both providers twice and prints the texts with the milliseconds of each call. */
async function main(baseUrl: string): Promise<void> {
  const answers: object[] = [];
  for (const provider of ['openai-compatible', 'google', 'openai-compatible'] as const) {
    const model = new AiSdkLanguageModel({ provider, model: 'm', baseUrl, apiKey: null, price: null });
    const [begun, cpu] = [performance.now(), process.cpuUsage()];
    const { text } = await model.stream({ system: '', prompt: 'Go.', maxOutputTokens: 50, timeLimit: 30_000, rules: () => '' }, () => undefined, new AbortController().signal);
    const { user, system } = process.cpuUsage(cpu);
    answers.push({ text, wall: Math.round(performance.now() - begun), cpu: Math.round((user + system) / 1_000) });
  }
  process.stdout.write(JSON.stringify(answers));
}

void main(process.argv[2]!);
