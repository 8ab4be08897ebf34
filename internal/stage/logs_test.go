package stage

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/logdelivery"
)

// logFields are the fields of Logs that turn on what S3 records about a bucket;
// a source without one has a reason why stages don't offer it.
var logFields = map[logdelivery.Source]struct{ field, reason string }{
	logdelivery.S3ServerAccess: {field: "serverAccess"},
	logdelivery.S3Inventory:    {field: "inventory"},
	logdelivery.S3Analytics:    {reason: "its exports are about storage classes, and say nothing of encryption or access"},
}

// A property of a bucket that sends a log is a choice of stages.yaml, or left out
// on purpose; and what stages.yaml offers is a log that is known.
func TestStagesOfferTheLogsOfTheirBuckets(t *testing.T) {
	t.Parallel()
	var fields []string
	for _, s := range logdelivery.Sources() {
		traits, _ := logdelivery.Of(s)
		if traits.Setting.Type != "AWS::S3::Bucket" {
			continue
		}
		choice, known := logFields[s]
		if !known || (choice.field == "") == (choice.reason == "") {
			t.Errorf("%s: a bucket can send it, and logFields has neither its field of logs: nor why there is none", s)
		}
		fields = append(fields, choice.field)
	}
	for f := range reflect.TypeFor[Logs]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		if f.Type == reflect.TypeFor[*bool]() && !slices.Contains(fields, name) {
			t.Errorf("logs.%s: no source of package logdelivery that a bucket sends", name)
		}
	}
}
