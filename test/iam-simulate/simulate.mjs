// Reads one simulation of @cloud-copilot/iam-simulate per line from standard
// input and prints one line for each: {"result": "Allowed" | "ExplicitlyDenied"
// | "ImplicitlyDenied"}, or {"error": ...}.
//
// Context keys that the library leaves out (ignoredContextKeys) are an error:
// a condition on such a key would be decided as if the key were missing.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

async function decide(line) {
  const simulation = JSON.parse(line)
  if (simulation.request.principal === 'anonymous') {
    simulation.request.principal = { type: 'Anonymous' }
  }
  const answer = await runSimulation(simulation, {})
  if (answer.resultType !== 'single') {
    return { error: JSON.stringify(answer.errors ?? answer.resultType) }
  }
  if (answer.result.ignoredContextKeys?.length) {
    return { error: 'ignored context keys: ' + answer.result.ignoredContextKeys.join(', ') }
  }
  return { result: answer.overallResult }
}

for await (const line of createInterface({ input: process.stdin })) {
  let out
  try {
    out = await decide(line)
  } catch (err) {
    out = { error: String(err?.stack ?? err) }
  }
  process.stdout.write(JSON.stringify(out) + '\n')
}
