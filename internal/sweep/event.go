package sweep

import (
	"bytes"
	"encoding/json"
	"io"
	"net/url"
	"strings"

	"github.com/s3seal/s3seal/internal/function"
)

// event is any event of the function.
type event struct {
	// A sweep, or where it goes on: an answer is an event, too.
	Done   bool    `json:"done"`
	Cursor Cursor  `json:"cursor"`
	Report *Report `json:"report"`
	Plan   bool    `json:"plan"`

	// A batch of a Distributed Map over the objects of a bucket. More is known of
	// each, which the function asks S3 for.
	Items []item `json:"Items"`

	batchEvent
}

type item struct {
	Key string `json:"Key"`
}

// batchEvent is that of S3 Batch Operations.
//
// Source: AmazonS3/latest/userguide/batch-ops-invoke-lambda.html.
type batchEvent struct {
	SchemaVersion string      `json:"invocationSchemaVersion"`
	InvocationID  string      `json:"invocationId"`
	Tasks         []batchTask `json:"tasks"`
}

type batchTask struct {
	TaskID    string `json:"taskId"`
	Key       string `json:"s3Key"` // encoded as in a URL
	BucketARN string `json:"s3BucketArn"`
	Bucket    string `json:"s3Bucket"` // of schema 2.0
}

// object is the bucket and the key of a task.
func (t batchTask) object() (bucket, key string, err error) {
	bucket = t.Bucket
	if bucket == "" {
		bucket = t.BucketARN[strings.LastIndexByte(t.BucketARN, ':')+1:]
	}
	key, err = url.QueryUnescape(t.Key)
	return bucket, key, err
}

// batchAnswer is what S3 Batch Operations wants to read.
type batchAnswer struct {
	SchemaVersion      string        `json:"invocationSchemaVersion"`
	TreatMissingKeysAs string        `json:"treatMissingKeysAs"`
	InvocationID       string        `json:"invocationId"`
	Results            []batchResult `json:"results"`
}

type batchResult struct {
	TaskID string `json:"taskId"`
	Code   string `json:"resultCode"`
	Text   string `json:"resultString"`
}

// The codes of results. S3 Batch Operations tries a temporary failure again.
const (
	succeeded = "Succeeded"
	temporary = "TemporaryFailure"
	permanent = "PermanentFailure"
)

// kind is what an event asks for.
type kind int

const (
	toSweep kind = iota
	toMoveItems
	toMoveTasks
)

// readEvent reads an event. Only one that people write is strict about its fields:
// the services' own may get more.
func readEvent(payload []byte) (event, kind, error) {
	var fields map[string]json.RawMessage
	if payload = bytes.TrimSpace(payload); len(payload) == 0 {
		payload = []byte("{}")
	}
	wrong := func(err error) (event, kind, error) {
		return event{}, 0, function.Errorf(function.BadRequest, err, `the event is none of a sweep: want {}, {"plan":true}, the answer of the last invocation, {"Items":[{"Key":…}]} of a Distributed Map, or a task of S3 Batch Operations`)
	}
	if err := json.Unmarshal(payload, &fields); err != nil {
		return wrong(err)
	}
	k := toSweep
	if fields["Items"] != nil {
		k = toMoveItems
	} else if fields["invocationSchemaVersion"] != nil {
		k = toMoveTasks
	}
	d := json.NewDecoder(bytes.NewReader(payload))
	if k == toSweep {
		d.DisallowUnknownFields()
	}
	var e event
	if err := d.Decode(&e); err != nil {
		return wrong(err)
	}
	if _, err := d.Token(); err != io.EOF {
		return wrong(err)
	}
	if k == toMoveTasks && e.SchemaVersion != "1.0" && e.SchemaVersion != "2.0" {
		return wrong(nil)
	}
	return e, k, nil
}
