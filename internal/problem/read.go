package problem

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"github.com/s3seal/s3seal/iam"
)

// Refusal is why a service refuses a policy.
type Refusal struct {
	Words string // of the service
	Text  string // what is wrong, where, and what to write
}

// Error is what is wrong, in one line.
func (r *Refusal) Error() string { return r.Text }

// Read reads a policy as the service does that it is for, which refuses what isn't
// IAM's grammar, Sids that must differ, and the problems that [Find] gives the
// service's words for, what the service may have added since the data was read
// among them. Whether the principals exist, and how long the text may be, is the
// service's to say.
func Read(text []byte, of Subject) (iam.Document, error) {
	d, err := Parse(text, of.Kind)
	if err != nil {
		return iam.Document{}, err
	}
	if sid := d.DuplicateSid(); sid != "" && sidTwice[of.Kind] != "" {
		return iam.Document{}, &Refusal{sidTwice[of.Kind], "two statements have the Sid " + sid}
	}
	for _, p := range Find(d, of) {
		if p.Words != "" {
			return iam.Document{}, &Refusal{p.Words, p.where() + p.Text}
		}
	}
	return d, nil
}

// Parse is Read as far as IAM's grammar goes.
func Parse(text []byte, kind Kind) (iam.Document, error) {
	d, err := iam.ParseDocument(text)
	if err != nil {
		return iam.Document{}, &Refusal{syntax(text, err, kind), strings.ReplaceAll(err.Error(), "\n", "; ")}
	}
	return d, nil
}

// syntax are the service's words for the first fault of a text.
func syntax(text []byte, err error, kind Kind) string {
	words, ok := syntaxWords[kind]
	var first *iam.SyntaxError
	switch {
	case !ok:
		return err.Error()
	case !bytes.HasPrefix(text, []byte("{")) && words.notObject != "":
		return words.notObject
	case !json.Valid(text):
		return words.notJSON
	case !errors.As(err, &first):
		return words.other
	}
	said := words.of[first.Fault]
	if first.Fault == iam.ConditionUncomparable && !strings.Contains(first.At, ".Condition.IpAddress") && !strings.Contains(first.At, ".Condition.NotIpAddress") {
		said = ""
	}
	if first.Fault == iam.ActionMalformed && kind == Identity {
		said = malformedAction(first.Value)
	}
	if said == "" {
		return words.other
	}
	// A malformed principal is written with the provider that stands before it.
	_, provider, _ := strings.Cut(first.At, "Principal.")
	provider, _, _ = strings.Cut(provider, "[")
	return strings.NewReplacer("%p", strings.ToUpper(provider), "%s", first.Value).Replace(said)
}

// malformedAction are IAM's words for an action that isn't service:Name.
func malformedAction(action string) string {
	service, _, ok := strings.Cut(action, ":")
	if ok && service == "" {
		return "Vendor  is not valid"
	}
	return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
}
