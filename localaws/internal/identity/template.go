package identity

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// What the CloudFormation providers of this package share.

type templateTag struct{ Key, Value string }

// mergedTags are the stack's tags and, before them, the resource's own.
func mergedTags(stack map[string]string, own []templateTag) map[string]string {
	tags := map[string]string{}
	maps.Copy(tags, stack)
	for _, t := range own {
		tags[t.Key] = t.Value
	}
	return tags
}

// generatedName is the name that CloudFormation gives: stack, logical id and
// random characters. Stack and logical id are cut if the name would be longer
// than IAM allows.
func generatedName(s api.StackContext, logicalID string, longest int) string {
	const random = 13
	stack := s.StackName
	if room := longest - random - 2; len(stack)+len(logicalID) > room {
		stack = stack[:min(len(stack), room/2)]
		logicalID = logicalID[:min(len(logicalID), room-len(stack))]
	}
	return stack + "-" + logicalID + "-" + uniqueID("", random)
}

// compact is a policy document of a template as one line, the form in which
// CloudFormation sends it to IAM.
func compact(document json.RawMessage) (string, error) {
	if len(document) == 0 || string(document) == "null" {
		return "", malformed("the policy document is missing")
	}
	var b bytes.Buffer
	if err := json.Compact(&b, document); err != nil {
		return "", malformed("the policy document is not JSON: %v", err)
	}
	return b.String(), nil
}

// gone turns "it isn't there" into success, for deletions.
func gone(err error) error {
	var e *api.Error
	if errors.As(err, &e) && e.Code == "NoSuchEntity" {
		return nil
	}
	return err
}

// minus are the elements of a that b doesn't have.
func minus(a, b []string) []string {
	var out []string
	for _, s := range a {
		if !slices.Contains(b, s) {
			out = append(out, s)
		}
	}
	return out
}
