package stage

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Change names what an update would lose: the rule of package rule that finds it.
type Change string

// The changes that can be acknowledged.
const (
	SecretRegenerated Change = "secret-regenerated"
	StatefulReplaced  Change = "stateful-replaced"
	KeyUpdateRefused  Change = "key-update-refused"
	StatefulRemoved   Change = "stateful-removed"
	StatefulMoved     Change = "stateful-moved"
)

// Changes returns all changes that can be acknowledged.
func Changes() []Change {
	return []Change{SecretRegenerated, StatefulReplaced, KeyUpdateRefused, StatefulRemoved, StatefulMoved}
}

// ReasonToWrite is in findings where a person must write the reason.
const ReasonToWrite = "WHY AND WHERE THE DATA IS"

// Acknowledgement accepts one change that would otherwise end the synthesis. It
// covers that change alone: remove it when `make snapshots` has recorded it in
// test/snapshots/acknowledged.json.
type Acknowledgement struct {
	// Change is what happens to the resource, as the finding calls it.
	Change Change `yaml:"change"`

	// Resource is STACK/LOGICALID, as the finding prints it, such as
	// prod-buckets/SseS3; a stack alone, such as prod-logs, for one that is
	// no longer in the app.
	Resource string `yaml:"resource" jsonschema:"pattern=^[A-Za-z][A-Za-z0-9-]*(/[A-Za-z0-9]+)?$"`

	// Reason says why the change is right, and where the data is: three words
	// or more, in one line.
	Reason string `yaml:"reason"`

	// Place is where it stands, as "stages.yaml:12:5".
	Place string `yaml:"-"`
}

// Stack returns the stack that the acknowledgement is about.
func (a Acknowledgement) Stack() string {
	stack, _, _ := strings.Cut(a.Resource, "/")
	return stack
}

var (
	acknowledgedResource = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*(/[A-Za-z0-9]+)?$`)
	threeWords           = regexp.MustCompile(`^[^\s]+( +[^\s]+){2,}$`)
)

// checkAcknowledgements checks the list, and says of each where it stands.
func (d *document) checkAcknowledgements(list []Acknowledgement) {
	if d.failed("acknowledge") {
		return
	}
	first := map[string]string{} // place, by change and resource
	for i := range list {
		a, path := &list[i], fmt.Sprintf("acknowledge[%d]", i)
		if d.failed(path) {
			continue
		}
		change, resource, reason := path+".change", path+".resource", path+".reason"
		if d.required(change, "write what the finding says, such as change: "+string(StatefulReplaced)) && !slices.Contains(Changes(), a.Change) {
			d.report(change, "unknown change %s: %s", quote(string(a.Change)), suggest(string(a.Change), Changes()))
		}
		if d.required(resource, "write what the finding says, such as resource: prod-buckets/SseS3") && !acknowledgedResource.MatchString(a.Resource) {
			d.report(resource, "resource %s isn't STACK/LOGICALID or STACK: write it as the finding does, such as prod-buckets/SseS3", quote(a.Resource))
		}
		if d.required(reason, "say why the change is right, and where the data is") && (!threeWords.MatchString(a.Reason) || a.Reason == ReasonToWrite) {
			d.report(reason, "reason %s says too little, or has several lines: say in three words or more why the change is right", quote(a.Reason))
		}
		a.Place = d.where(change)
		switch key := string(a.Change) + " " + a.Resource; {
		case d.failed(change) || d.failed(resource):
		case first[key] != "":
			d.report(change, "%s of %s is acknowledged twice, first at %s: remove one", a.Change, a.Resource, first[key])
		default:
			first[key] = a.Place
		}
	}
}
