package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/s3seal/s3seal/constructs/validation"
	"github.com/s3seal/s3seal/internal/shard"
	"github.com/s3seal/s3seal/internal/snapshot"
	"github.com/s3seal/s3seal/internal/stage"
)

// The keys of the context that are ours: `cdk synth -c KEY=VALUE`.
const (
	stageKey  = "stage"  // the stages to make, as stage.File.Select knows them, with commas between; default: all
	stagesKey = "stages" // the stages file; default: stages.yaml
	beforeKey = "before" // the folder of the snapshots to compare with, or none

	shardsKey = "shards" // in how many processes to make the stages; default: what is fastest

	architectureKey = "architecture" // of the functions, instead of the stages file's: host, arm64 or x86_64
)

// selection is what the app is asked to make.
type selection struct {
	file   *stage.File
	path   string        // of file
	some   bool          // not all stages
	stages []stage.Stage // of file
	before string        // the folder of the snapshots, or "" to compare with none
	other  bool          // the file isn't the one that the snapshots are of
	said   string        // what of the file the context overrides, or ""
	out    string        // the folder of the assembly, or "" for what CDK_OUTDIR says
	shares []shard.Share // of stages: each is made by a process of its own; of one, by this

	cliReports bool // what the plugins find, and not the app
}

// selectStages loads the stages file, stages.yaml or what `-c stages=FILE`
// names, and picks the stages that `-c stage=` selects, or all. What could be a
// slip is an error: all stages would be those of every account.
func selectStages() (*selection, error) {
	context, err := readContext()
	if err != nil {
		return nil, err
	}
	if err := context.misspelt(); err != nil {
		return nil, err
	}
	s := &selection{}
	if s.path, err = context.text(stagesKey, stagesFile, "FILE, such as "+stagesFile); err != nil {
		return nil, err
	}
	s.other = isOther(s.path)
	if s.before, err = context.text(beforeKey, snapshot.Dir, "FOLDER or none"); err != nil {
		return nil, err
	}
	if s.before == "none" {
		s.before = ""
	}
	if s.file, err = stage.Load(s.path); err != nil {
		return nil, meantStage(s.path, err)
	}
	if err := checkQualifier(context, s.path, s.file.Bootstrap.Qualifier); err != nil {
		return nil, err
	}
	patterns, err := context.text(stageKey, "", "NAME, a glob or @GROUP, such as "+s.file.Stages[0].Name)
	if err != nil {
		return nil, err
	}
	s.stages = s.file.Stages
	if s.some = patterns != ""; s.some {
		if s.stages, err = s.file.Select(patterns); err != nil {
			return nil, err
		}
	}
	if s.said, err = forArchitecture(context, s.stages); err != nil {
		return nil, err
	}
	s.cliReports = context[cliReportsKey] == false
	s.shares, err = shares(context, len(s.stages))
	return s, err
}

// meantStage says what is wrong with a stages file that can't be loaded: a missing
// file with the name of a stage of stages.yaml was meant as that stage.
func meantStage(path string, err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, otherwise := stage.Load(stagesFile)
	if otherwise != nil {
		return err
	}
	if _, otherwise := file.Select(path); otherwise != nil {
		return err
	}
	return fmt.Errorf("context: stages names a file, and there is no file %s: for the stage of that name write -c stage=%s", path, path)
}

// rules is what the rules know in addition to the templates: above all the
// snapshots, so that a change which would lose a bucket or a key ends the synthesis until
// stages.yaml acknowledges it. Without snapshots, nothing is compared.
func (s *selection) rules() validation.Options {
	var o validation.Options
	for i := range s.stages {
		o.Accounts = append(o.Accounts, s.stages[i].Accounts()...)
	}
	for _, a := range s.file.Acknowledge {
		o.Acknowledge = append(o.Acknowledge, validation.Acknowledgement{
			Change: string(a.Change), Resource: a.Resource, Reason: a.Reason, Place: a.Place,
		})
	}
	_, err := os.Stat(snapshot.Dir)
	if s.before == "" || s.before == snapshot.Dir && errors.Is(err, fs.ErrNotExist) {
		return o
	}
	o.Before = s.before
	if s.some {
		o.Stages = (&stage.File{Stages: s.stages}).Names()
	}
	if s.other {
		o.Stages, o.BeforeOf = s.file.Names(), s.has
	}
	return o
}

// has reports whether a stack of the snapshots, of a stage and an account, may
// be of one of the stages: in another file, the same name in other accounts is
// another stage.
func (s *selection) has(name, account string) bool {
	return slices.ContainsFunc(s.stages, func(s stage.Stage) bool {
		return name == s.Name && slices.Contains(s.Accounts(), account)
	})
}
