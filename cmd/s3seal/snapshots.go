package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/reach"
	"github.com/s3seal/s3seal/internal/report"
	"github.com/s3seal/s3seal/internal/rule"
	"github.com/s3seal/s3seal/internal/snapshot"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

// Where the pages are that are reviewed beside the snapshots.
const (
	tables = "test/access" // who can do what
	ways   = "test/reach"  // who comes to the objects
)

type snapshotsCmd struct{}

// Run compares what the app makes with the snapshots. It writes them anew,
// unless an update would lose something that nobody has acknowledged: the rules
// that end such a synthesis compare with the snapshots, and would be disarmed.
func (c *snapshotsCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	app, err := snapshot.ReadApp(".")
	if err != nil {
		return err
	}
	file, err := stage.Load(app.StagesFile())
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "s3seal-snapshots-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := app.Synthesize(ctx, folder); err != nil {
		return err
	}
	s, err := compareSnapshots(folder, file)
	if err != nil {
		return err
	}
	if err := s.print(os.Stderr); err != nil {
		return err
	}
	return s.write(os.Stderr)
}

// taking is a snapshot that is about to be taken.
type taking struct {
	assembly *template.Assembly
	reduced  *template.Assembly // what the snapshot has of it, as the tests read it
	was, is  snapshot.Files
	log      []rule.Change
	report   rule.Report // on the changes, and on what stages.yaml says of them
	used     []stage.Acknowledgement

	organization policyfile.Organization
}

func compareSnapshots(folder string, file *stage.File) (*taking, error) {
	s := &taking{organization: file.Organization.Policies()}
	var err error
	if s.assembly, err = template.ReadAssembly(folder); err != nil {
		return nil, err
	}
	whole, err := snapshot.Reduce(folder)
	if err != nil {
		return nil, err
	}
	if s.is, err = whole.Fold(file.Stages); err != nil {
		return nil, err
	}
	reduced := filepath.Join(folder, "reduced")
	if err := snapshot.Write(reduced, s.is); err != nil {
		return nil, err
	}
	if s.reduced, err = template.ReadAssembly(reduced); err != nil {
		return nil, err
	}
	if s.was, err = snapshot.Read(snapshot.Dir); err != nil {
		return nil, err
	}
	if s.log, err = snapshot.ReadLog(snapshot.Dir); err != nil {
		return nil, err
	}
	options := rule.Options{Accounts: file.Accounts(), Acknowledge: file.Acknowledge, Taken: s.log}
	if len(s.was) > 0 {
		before, err := template.ReadAssembly(snapshot.Dir)
		if err != nil {
			return nil, err
		}
		options.Before = before.Stacks
	}
	s.report = rule.Check(s.assembly.Stacks, options).OfChanges()
	for _, a := range file.Acknowledge {
		if options.IsTaken(a) {
			s.used = append(s.used, a)
		}
	}
	return s, nil
}

// print says what an update would lose, first what nobody has acknowledged.
func (s *taking) print(w io.Writer) error {
	slices.SortStableFunc(s.report.Findings, func(a, b rule.Finding) int {
		return strings.Compare(string(a.Severity), string(b.Severity)) // error, warning
	})
	return (&report.Report{Report: s.report}).WriteFindings(w)
}

// write writes the snapshots and the access tables, and says what changed.
func (s *taking) write(w io.Writer) error {
	if n := s.report.Count(rule.Error); n > 0 {
		return failed{fmt.Errorf("the snapshots stay as they are: %s", count(n, "error"))}
	}
	changes := snapshot.Compare(s.was, s.is)
	if len(changes) > 0 && len(s.used) > 0 {
		for _, a := range s.used {
			fmt.Fprintf(w, "%s: %s of %s is recorded in %s: remove it, so that it can't be taken for the next change\n", a.Place, a.Change, a.Resource, snapshot.LogPath)
		}
		return failed{fmt.Errorf("the snapshots stay as they are: %s of stages.yaml recorded already", count(len(s.used), "acknowledgement"))}
	}
	files, err := s.is.WithLog(append(s.log, snapshot.Taken(s.report)...))
	if err != nil {
		return err
	}
	pages := []struct {
		dir      string
		was, are snapshot.Files
	}{{dir: tables, are: access.Tables(s.reduced, s.organization)}, {dir: ways, are: reach.Tables(s.reduced, s.organization)}}
	for i := range pages {
		if pages[i].was, err = snapshot.Read(pages[i].dir); err != nil {
			return err
		}
	}
	if err := snapshot.Write(snapshot.Dir, files); err != nil {
		return err
	}
	printChanges(w, snapshot.Dir, changes)
	for _, p := range pages {
		if err := snapshot.Write(p.dir, p.are); err != nil {
			return err
		}
		printChanges(w, p.dir, snapshot.Compare(p.was, p.are))
	}
	if len(changes) == 0 {
		fmt.Fprintln(w, "The snapshots are what the app makes.")
	}
	return nil
}

func printChanges(w io.Writer, dir string, changes []snapshot.Change) {
	for _, c := range changes {
		fmt.Fprintf(w, "%-7s  %s\n", c.What, filepath.Join(dir, c.Name))
	}
}
