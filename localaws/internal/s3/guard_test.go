package s3

import (
	"bytes"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// broken is an STS with a mistake of its own.
type broken struct{}

func (broken) AssumeRole(api.Call, string, string) (api.Call, error) { panic("a mistake") }

func TestAPanicOfAReplicationIsAFailure(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	var log bytes.Buffer
	p.s3.opt.Log = api.NewLog(&log)
	p.build()
	p.s3.opt.STS = broken{}
	p.put("k", nil, nil)
	failures := p.s3.ReplicationFailures()
	if len(failures) != 1 || !strings.HasSuffix(failures[0].String(), "failed: SrcObjectNotEligible: InternalFailure: Internal Failure") {
		t.Errorf("failures: %v", failures)
	}
	if !strings.Contains(log.String(), "panic: a mistake, replication\n") {
		t.Errorf("log: %s", log.String())
	}
}

func TestAPanicOfACopyIsItsError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var log bytes.Buffer
	w.s3.opt.Log = api.NewLog(&log)
	_, _, _, err := w.s3.reseal(&source{}, nil, 0, 1, "CRC32", false) // of no object
	if codeOf(err) != "InternalError" || !strings.Contains(log.String(), "panic: runtime error: ") || !strings.Contains(log.String(), ", copy\n") {
		t.Errorf("%v; log: %s", err, log.String())
	}
}
