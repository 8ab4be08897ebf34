package stage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/s3seal/s3seal/internal/golden"
)

// loadArchive loads the stages.yaml of an archive of files.
func loadArchive(t testing.TB, a *txtar.Archive) (*File, error) {
	t.Helper()
	folder := t.TempDir()
	for _, f := range a.Files {
		if err := os.WriteFile(filepath.Join(folder, f.Name), f.Data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
	return Load("stages.yaml")
}

// Each archive of testdata/groups is a stages.yaml with its lists of accounts, and
// the problems that they have.
func TestBadGroupsGetEveryProblemOnce(t *testing.T) {
	paths, err := filepath.Glob("testdata/groups/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			a.Files = a.Files[:len(a.Files):len(a.Files)]
			if last := len(a.Files) - 1; a.Files[last].Name == "problems" {
				a.Files = a.Files[:last]
			}
			file, err := loadArchive(t, a)
			if err == nil {
				t.Fatalf("accepted as %+v", file.Names())
			}
			var problems Errors
			if !errors.As(err, &problems) {
				t.Fatalf("%T, not Errors", err)
			}
			for _, p := range problems {
				if strings.ContainsAny(p.Message, "\n\r") || !strings.Contains(p.Message, ": ") || p.Line == 0 || p.Column == 0 {
					t.Errorf("not one line of what is wrong, where, and what to write: %s", p)
				}
			}
			a.Files = append(a.Files, txtar.File{Name: "problems", Data: []byte(err.Error() + "\n")})
			t.Chdir(here)
			golden.File(t, path, string(txtar.Format(a)))
		})
	}
}

func TestAGroupsStagesAreFilledFromAllThatIsSaidOfThem(t *testing.T) {
	file := parse(t, string(goodFiles(t)["testdata/good/groups.yaml"]))
	type summary struct {
		Name, Group, Prefix, Region, Replica, Bucket string
		Patterns                                     int
		Tags                                         map[string]string
		OwnTags                                      string
		Days                                         Retention
	}
	var got []summary
	for _, s := range file.Stages {
		sum := summary{s.Name, s.Group, s.Prefix, s.Source.Region, "", s.Buckets.SSES3.Name, len(s.Patterns), s.Tags, strings.Join(slices.Sorted(slices.Values(s.OwnTags)), " "), s.Retention}
		if s.Replica != nil {
			sum.Replica = s.Replica.Account
		}
		if s.Alarms != nil && s.Alarms.Replication.FailedObjects != (s.Replica != nil) {
			t.Errorf("%s: alarms on a replica that it has not, or none: %+v", s.Name, s.Alarms)
		}
		got = append(got, sum)
	}
	want := []summary{
		{"web-shop", "team", "acme-web-shop", "eu-west-1", "999988887777", "acme-web-shop-web-shop-111122223333-eu-west-1-an", 2,
			map[string]string{"team": "team", "stage": "web-shop", "mail": "a@b.example", "place": "111122223333 eu-west-1"}, "mail place stage team", Retention{7, 7, 30}},
		{"api", "team", "acme-api", "eu-north-1", "", "acme-api-api-222233334444-eu-north-1-an", 1,
			map[string]string{"team": "team", "stage": "api", "mail": "none", "place": "222233334444 eu-north-1"}, "place stage team", Retention{0, 7, 30}},
		{"own", "", "own", "eu-west-1", "", "own-sse-s3-333344445555-eu-west-1-an", 2,
			map[string]string{"stage": "mine", "place": "333344445555 eu-west-1"}, "place", Retention{0, 7, 30}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A field of a stage that a group has too would say two things.
func TestAGroupsFieldsAreItsOwn(t *testing.T) {
	keys := collectFields(reflect.ValueOf(&Group{}).Elem(), map[string]reflect.Value{}, nil)
	slices.Sort(keys)
	if once := slices.Compact(slices.Clone(keys)); len(once) != len(keys) {
		t.Errorf("a group and a stage have a field of the same name: %v", keys)
	}
}

func TestSelect(t *testing.T) {
	file := parse(t, `
stages: {dev: {prefix: dev, source: {account: "111122223333", region: eu-west-1}}}
groups:
  team: {prefix: "{stage}", source: {region: eu-west-1}, accounts: [{account: "222233334444", name: a}, {account: "333344445555", name: b}]}
  ops: {prefix: "{stage}", source: {region: eu-west-1}, accounts: [{account: "444455556666", name: a}]}
`)
	for patterns, want := range map[string]string{
		"":                "dev team-a team-b ops-a",
		"dev":             "dev",
		"ops-a dev":       "dev ops-a",
		"*-a":             "team-a ops-a",
		"@team":           "team-a team-b",
		"@* dev":          "dev team-a team-b ops-a",
		"team-?":          "team-a team-b",
		"@team team-[ab]": "team-a team-b",
		"tema-a":          `unknown stage "tema-a": write dev, ops-a, team-a or team-b`,
		"prod-*":          `unknown stage "prod-*": write dev, ops-a, team-a or team-b`,
		"@tema":           `unknown group "@tema": write @ops or @team`,
		"dev @":           `unknown group "@": write @ops or @team`,
		"ops-a,team-a":    "team-a ops-a",
		"dev,":            `unknown stage "": write dev, ops-a, team-a or team-b`,
		"team":            `unknown stage "team": did you mean @team?`,
		"333344445555":    `unknown stage "333344445555": did you mean team-b?`,
		"[":               `stage "[" isn't a pattern: write a name, a glob such as prod-* or a group such as @team`,
	} {
		stages, err := file.Select(strings.Fields(patterns)...)
		names := (&File{Stages: stages}).Names()
		got := strings.Join(names, " ")
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", patterns, got, want)
		}
	}
	for pattern, want := range map[string]string{
		"team-a": "team-a",
		"@ops":   "ops-a",
		"@team":  `"@team" is 2 stages, and this is done with one: write its name, such as team-a`,
		"prod":   `unknown stage "prod": write dev, ops-a, team-a or team-b`,
	} {
		s, err := file.Stage(pattern)
		got := fmt.Sprint(err)
		if err == nil {
			got = s.Name
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", pattern, got, want)
		}
	}
}
