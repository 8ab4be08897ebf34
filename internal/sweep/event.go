package sweep

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/s3seal/s3seal/internal/function"
)

// event is any event of the function.
type event struct {
	answerSweep `json:"-"` // read as a sweepEvent

	// A batch of a Distributed Map over the objects of a bucket. More is known of
	// each, which the function asks S3 for.
	Items []item `json:"Items"`

	batchEvent
}

// sweepEvent is a sweep, or where it goes on: an answer is an event, too.
type sweepEvent struct {
	Done   bool `json:"done"`
	Cursor struct {
		Key       string `json:"key"`
		VersionID string `json:"versionId"`
	} `json:"cursor"`
	Report *Report `json:"report"`
	Plan   bool    `json:"plan"`
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
	if err == nil && !utf8.ValidString(key) {
		err = errors.New("the key is not UTF-8")
	}
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

// readEvent reads an event. Only one that people write is strict about its fields,
// or {"plan":true,"Plan":false} would sweep: the services' own may get more.
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
	k := toMoveItems
	switch {
	case fields["Items"] != nil:
	case fields["invocationSchemaVersion"] != nil:
		k = toMoveTasks
	default:
		e, err := readSweepEvent(payload)
		return e, toSweep, err
	}
	var e event
	if err := json.Unmarshal(payload, &e); err != nil {
		return wrong(err)
	}
	if k == toMoveTasks && e.SchemaVersion != "1.0" && e.SchemaVersion != "2.0" {
		return wrong(nil)
	}
	return e, k, nil
}

func readSweepEvent(payload []byte) (event, error) {
	var e sweepEvent
	if err := function.ReadEvent(payload, &e); err != nil {
		return event{}, err
	}
	if e.Cursor.Key == "" && e.Cursor.VersionID != "" {
		return event{}, function.Errorf(function.BadRequest, nil, `"cursor" has a "versionId" and no "key": send the answer of the last invocation as it is`)
	}
	return event{answerSweep: answerSweep{Sweep{e.Done, Cursor(e.Cursor), e.Report}, e.Plan}}, nil
}
