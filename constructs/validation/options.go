package validation

import (
	"slices"

	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/snapshot"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

// Options says what the rules know in addition to the templates.
type Options struct {
	// Accounts may occur in the templates, in addition to each stack's own: 12
	// digits each. Default: those of all stacks, and a finding is a warning only.
	Accounts []string

	// Before is a folder with the templates as they were deployed or reviewed
	// last: a cdk.out, or snapshots. Default: none, and no update is judged.
	Before string

	// BeforeOf says whether a stack of Before may be one of the app, by the
	// stage and the account that it is of. Default: all may.
	BeforeOf func(stage, account string) bool

	// Stages are those that the app is limited to: what Before has of others
	// isn't missing. Default: all.
	Stages []string

	// Acknowledge are the changes of updates that are accepted. Default: none.
	Acknowledge []Acknowledgement
}

// Acknowledgement accepts one change that would otherwise end the synthesis.
type Acknowledgement struct {
	Change   string // the rule that finds it, "stateful-replaced"
	Resource string // STACK/LOGICALID, as the finding has it
	Reason   string // three words or more
	Place    string // where it is written, "stages.yaml:12:5"
}

// rules are the options as the rules have them, with the templates of Before
// read.
func (o Options) rules() (rule.Options, error) {
	options := rule.Options{Accounts: o.Accounts, Stages: o.Stages}
	for _, a := range o.Acknowledge {
		options.Acknowledge = append(options.Acknowledge, stage.Acknowledgement{
			Change: stage.Change(a.Change), Resource: a.Resource, Reason: a.Reason, Place: a.Place,
		})
	}
	if o.Before == "" {
		return options, nil
	}
	before, err := template.ReadAssembly(o.Before)
	if err != nil {
		return options, err
	}
	options.Before = slices.DeleteFunc(before.Stacks, func(b *template.Stack) bool {
		return o.BeforeOf != nil && !o.BeforeOf(b.OfStage(), b.Account)
	})
	options.Taken, err = snapshot.ReadLog(o.Before)
	return options, err
}
