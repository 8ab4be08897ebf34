package test

import (
	"testing"

	"github.com/s3seal/s3seal/internal/golden"
)

// The stack that test/conformance deploys into the local AWS, to rotate a key
// ring with the functions, roles and schedule of a stage.
func TestRotatedStackIsAsTheLocalAWSTestDeploysIt(t *testing.T) {
	files := snapshotOf(t, synth(t, parseStages(t, `
stages:
  turn:
    prefix: turn
    source: {account: "111122223333", region: ap-northeast-1}
    patterns: [sse-c]
    buckets: {sse-c: {rotation: {everyDays: 1}}}
    logs: {serverAccess: false, inventory: false}
`)))
	golden.File(t, "../test/conformance/testdata/stacks/rotation.json", files["turn-buckets.template.json"])
}
