package query

import (
	"errors"
	"fmt"
	"strings"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/reach"
	"github.com/s3seal/s3seal/internal/resource"
)

// Verdict is what comes of a request.
type Verdict string

// The verdicts. Denied is by a statement or a setting, so that no permission
// would help; who is not allowed has no permission.
const (
	Allowed    Verdict = "allowed"
	Denied     Verdict = "denied"
	NotAllowed Verdict = "not allowed"
	Unknown    Verdict = "unknown"
)

// Answer is what comes of one principal, one operation and one resource.
type Answer struct {
	Who      string   `json:"who"`
	Assuming string   `json:"assuming,omitempty"` // what of Who's own permissions isn't known, and is taken for known
	Does     string   `json:"does"`
	On       string   `json:"on"`
	OnARN    string   `json:"onArn"`
	Assumed  string   `json:"assumed,omitempty"` // what of On's own policy isn't known, and is taken for known
	Verdict  Verdict  `json:"verdict"`
	By       string   `json:"by,omitempty"`      // what decided: Sids, settings
	After    []string `json:"after,omitempty"`   // steps that must come first
	Unknown  string   `json:"unknown,omitempty"` // what could not be read
	Reason   string   `json:"reason"`            // of the decision, in words
}

func decided(a access.Answer) Answer {
	answer := Answer{Verdict: NotAllowed, By: a.By, Reason: a.Decision.Explain()}
	switch {
	case a.Allowed:
		answer.Verdict = Allowed
	case a.Denied && a.Decision.Allowed:
		answer.Verdict = Denied
		answer.Reason = "The bucket's " + a.By + " refuses what the policies allow; by these it is " + answer.Reason
	case a.Denied:
		answer.Verdict = Denied
	case a.Unknown != nil:
		answer.Verdict, answer.Unknown = Unknown, oneLine(a.Unknown)
		answer.Reason = fmt.Sprintf("%s\nWithout that it is %s", restsOn(a.Unknown), answer.Reason)
	}
	return answer
}

func reached(a reach.Answer) Answer {
	answer := Answer{Verdict: NotAllowed, By: strings.Join(a.Path.By, " + "), After: a.Path.Steps, Reason: a.Path.String()}
	switch {
	case a.Reaches:
		answer.Verdict = Allowed
	case a.Path.Unknown != nil:
		answer.Verdict, answer.Unknown = Unknown, oneLine(a.Path.Unknown)
		answer.Reason = restsOn(a.Path.Unknown)
	default:
		answer.Reason = fmt.Sprintf("There is no way of at most %d steps to it. Without a step it ends at %s:\n%s", reach.MostSteps, a.Closed, decided(a.Refusal).Reason)
	}
	return answer
}

// restsOn says in a sentence why an answer is unknown.
func restsOn(why error) string {
	if errors.As(why, new(resource.OpenError)) {
		return "It is open: " + oneLine(why)
	}
	return "It rests on what could not be read: " + oneLine(why)
}

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// ErrExpected is that an answer isn't what was expected.
var ErrExpected = errors.New("not as expected")

// ErrUnknown is that an answer rests on what could not be read, so that nothing
// can be expected of it.
var ErrUnknown = errors.New("unknown")

// Expect compares the answers to one question with "allowed" or "denied", which
// stands for every answer by which nothing happens. What somebody may do whose
// own permissions aren't known is as expected only if it is whatever they are.
func Expect(want string, answers []Answer) error {
	for _, a := range answers {
		got := "denied"
		switch a.Verdict {
		case Allowed:
			got = "allowed"
		case Unknown:
			return fmt.Errorf("expected %s: it is %w: %s", want, ErrUnknown, a.Unknown)
		}
		if got != want {
			return fmt.Errorf("%w: expected %s: %s is %s to %s on %s", ErrExpected, want, withAssumption(a), a.Verdict, a.Does, a.On)
		}
	}
	return nil
}

func withAssumption(a Answer) string {
	if a.Assuming == "" {
		return a.Who
	}
	return a.Who + ", with " + a.Assuming + ","
}
