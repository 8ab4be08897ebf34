package test

import (
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/golden"
)

// The stacks that test/conformance deploys into the local AWS, with the
// functions, roles, queues and schedules of a stage.
func TestStacksAreAsTheLocalAWSTestsDeployThem(t *testing.T) {
	for file, of := range map[string]struct{ stack, stages string }{
		// The functions of a rotated key ring.
		"rotation": {"turn-buckets", `
stages:
  turn:
    prefix: turn
    source: {account: "111122223333", region: ap-northeast-1}
    patterns: [sse-c]
    buckets: {sse-c: {rotation: {everyDays: 1}}}
    logs: {serverAccess: false, inventory: false}
`},
		// What is invoked by queues, and what streams.
		"events": {"flow-buckets", `
stages:
  flow:
    prefix: flow
    source: {account: "111122223333", region: ap-northeast-1}
    patterns: [sse-c]
    functions: {verbs: [put, get, stream], queue: true, metrics: true, tracing: true}
    buckets: {sse-c: {ingestFrom: [{bucket: flow-uploads}]}}
    logs: {serverAccess: false, inventory: false}
`},
	} {
		files := snapshotOf(t, synth(t, parseStages(t, of.stages)))
		golden.File(t, "../test/conformance/testdata/stacks/"+file+".json", files[of.stack+".template.json"])
	}
}

// The stage whose replication tells, in all its stacks.
const telling = `
stages:
  tell:
    prefix: tell
    source: {account: "111122223333", region: ap-northeast-1}
    replica: {account: "444455556666", region: eu-west-1, repair: true}
    patterns: [sse-kms-cmk, sse-c]
    buckets: {sse-kms-cmk: {functions: true}, sse-c: {functions: false, rotation: {everyDays: 90}, sweep: {engine: function}}}
    functions: {verbs: [put, get], queue: true, metrics: true}
    logs: {inventory: false}
    alarms: {emails: [on-call@example.com], replication: {latencyMinutes: 10, failedObjects: true}, trailLogGroup: data-events, silentLogDays: 1, dashboard: true}
`

func TestTheTellingStageIsAsTheLocalAWSTestsDeployIt(t *testing.T) {
	for file, text := range snapshotOf(t, synth(t, parseStages(t, telling))) {
		if name, ok := strings.CutSuffix(file, ".template.json"); ok {
			golden.File(t, "../test/conformance/testdata/stacks/"+name+".json", text)
		}
	}
}
