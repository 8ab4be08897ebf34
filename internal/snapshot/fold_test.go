package snapshot

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/internal/access"
	"github.com/s3seal/s3seal/internal/alike"
	"github.com/s3seal/s3seal/internal/policyfile"
	"github.com/s3seal/s3seal/internal/reach"
	"github.com/s3seal/s3seal/internal/stage"
	"github.com/s3seal/s3seal/internal/template"
)

// many are n stages that are as two of the examples are, but for names, accounts
// and Regions: every fifth has a replica. They have the snapshot that the app would
// make of them.
func many(t *testing.T, n int) ([]stage.Stage, Files) {
	t.Helper()
	examples, err := Read("../access/testdata/assembly")
	if err != nil {
		t.Fatal(err)
	}
	file, err := stage.Load("../../test/testdata/stages.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Artifacts map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(examples["manifest.json"]), &manifest); err != nil {
		t.Fatal(err)
	}
	of, err := stacksOf(manifest.Artifacts)
	if err != nil {
		t.Fatal(err)
	}
	regions := []string{"eu-west-1", "us-east-1", "ap-southeast-2"}
	files, artifacts, stages := Files{}, map[string]json.RawMessage{}, []stage.Stage(nil)
	for i := range n {
		like, err := file.Stage("dev")
		if i%5 == 0 {
			like, err = file.Stage("prod")
		}
		if err != nil {
			t.Fatal(err)
		}
		s := *like
		s.Name = fmt.Sprintf("team-%d", i)
		s.Prefix = "acme-" + s.Name
		s.Source = stage.Environment{Account: fmt.Sprintf("3%011d", i*7919), Region: regions[i%len(regions)]}
		if s.Replica != nil {
			replica := *s.Replica
			replica.Environment = stage.Environment{Account: fmt.Sprintf("4%011d", i*6007), Region: "eu-north-1"}
			s.Replica = &replica
		}
		one, other := memberOf(*like), memberOf(s)
		other.Generated = map[string]string{
			"replicaPublishGetStackOutputRole": fmt.Sprintf("%08X", i), "replicaPublishGetStackOutputPolicy": fmt.Sprintf("%08X", 1000+i),
		}
		make := func(text string) string {
			form, _ := one.Form(text)
			filled, err := other.Fill(form)
			if err != nil {
				t.Fatal(err)
			}
			return filled
		}
		for _, stack := range of[like.Name] {
			artifacts[make(stack.id)] = json.RawMessage(make(string(manifest.Artifacts[stack.id])))
			files[make(stack.file)] = make(examples[stack.file])
		}
		stages = append(stages, s)
	}
	files["manifest.json"], err = indent(map[string]any{"version": "54.0.0", "artifacts": artifacts})
	if err != nil {
		t.Fatal(err)
	}
	return stages, files
}

func read(t *testing.T, files Files) *template.Assembly {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "snapshot")
	write(t, dir, files)
	a, err := template.ReadAssembly(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// What is compared with the snapshots, and asked of them, must be what the app
// makes of every stage.
func TestFoldedSnapshotIsReadAsTheWholeOne(t *testing.T) {
	t.Parallel()
	stages, files := many(t, 12)
	for i := range stages { // as of tags: {owner: "{Owner}", env: prod}
		s, stageTag := &stages[i], fmt.Sprintf(`"s3seal:stage": %q`, stages[i].Name)
		s.Tags, s.OwnTags = map[string]string{"owner": fmt.Sprintf("Team %d/s3", i%3), "env": "prod"}, []string{"owner"}
		files["manifest.json"] = strings.ReplaceAll(files["manifest.json"], stageTag, fmt.Sprintf(`"env": "prod", "owner": %q, %s`, s.Tags["owner"], stageTag))
	}
	const odd = "team-7-logs.template.json"
	files[odd] = strings.Replace(files[odd], `"Status": "Enabled"`, `"Status": "Suspended"`, 1)
	folded, err := files.Fold(stages)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"manifest.json", alike.FileName}
	for _, s := range []string{"team-0-buckets", "team-0-logs", "team-0-replica", "team-0-replicalogs", "team-0-replication", "team-1-buckets", "team-1-logs", "team-7-buckets", "team-7-logs"} {
		want = append(want, s+".template.json")
	}
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(folded))); diff != "" {
		t.Errorf("files, -want +got:%s", diff)
	}
	if list := folded[alike.FileName]; !strings.Contains(list, ",Team 1/s3\n") || strings.Contains(list, "prod") {
		t.Errorf("the list has other tags than those that are the stages' own:\n%s", list)
	}
	whole, again := read(t, files), read(t, folded)
	if len(whole.Stacks) != len(again.Stacks) {
		t.Fatalf("%d stacks are read of the folded snapshot, want %d", len(again.Stacks), len(whole.Stacks))
	}
	for i, s := range whole.Stacks {
		a, b := *s, *again.Stacks[i]
		if filepath.Base(a.File) != filepath.Base(b.File) {
			t.Errorf("stack %s has the file %s, want %s", a.Name, b.File, a.File)
		}
		for _, of := range [][2]any{
			{a.Template.Template, b.Template.Template}, {a.Tags, b.Tags}, {a.Dependencies, b.Dependencies},
			{[]string{a.Name, a.ArtifactID, a.Account, a.Region}, []string{b.Name, b.ArtifactID, b.Account, b.Region}},
		} {
			one, _ := json.Marshal(of[0])
			other, _ := json.Marshal(of[1])
			if string(one) != string(other) {
				t.Errorf("stack %s is read differently:\n%s\n%s", a.Name, one, other)
			}
		}
	}
	pages, wholePages := access.Tables(again, policyfile.Organization{}), access.Tables(whole, policyfile.Organization{})
	for _, m := range again.Members {
		like := again.Members[slices.IndexFunc(again.Members, func(o alike.Member) bool { return o.Stage() == m.Like })]
		if one, other := wholePages[m.Like+".md"], wholePages[m.Stage()+".md"]; !access.SamePage(like, one, m, other) {
			t.Errorf("the page of %s doesn't stand for that of %s:\n%s", m.Like, m.Stage(), cmp.Diff(one, other))
		}
	}
	if got := slices.Sorted(maps.Keys(pages)); !slices.Equal(got, []string{"team-0.md", "team-1.md", "team-7.md"}) {
		t.Errorf("pages of %v", got)
	}
}

// A pull request that changes a default for 500 accounts is read in minutes, or
// not at all.
func TestAChangeOfADefaultIsAFewLines(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("makes the pages of 500 stages twice")
	}
	review := func(change func(string) string) map[string]string {
		stages, files := many(t, 500)
		for name, text := range files {
			files[name] = change(text)
		}
		folded, err := files.Fold(stages)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		maps.Copy(all, folded)
		a := read(t, folded)
		for dir, pages := range map[string]map[string]string{"access": access.Tables(a, policyfile.Organization{}), "reach": reach.Tables(a, policyfile.Organization{})} {
			for name, text := range pages {
				all[dir+"/"+name] = text
			}
		}
		return all
	}
	before := review(func(text string) string { return text })
	after := review(func(text string) string {
		return strings.ReplaceAll(text, `"DaysAfterInitiation": 7`, `"DaysAfterInitiation": 3`)
	})
	changed := 0
	for _, name := range slices.Compact(slices.Sorted(maps.Keys(after))) {
		changed += linesChanged(before[name], after[name])
	}
	if len(before) != len(after) || changed == 0 || changed >= 100 {
		t.Errorf("%d files became %d, and %d lines changed, want fewer than 100", len(before), len(after), changed)
	}
	t.Logf("%d files, %d lines changed", len(after), changed)
}

// linesChanged counts lines as git does: those that are gone, and those that are
// there.
func linesChanged(a, b string) int {
	count := map[string]int{}
	for line := range strings.Lines(a) {
		count[line]++
	}
	for line := range strings.Lines(b) {
		count[line]--
	}
	n := 0
	for _, c := range count {
		n += max(c, -c)
	}
	return n
}
