package rule

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/s3seal/s3seal/internal/template"
)

// Groups, of which one may speak for others, change nothing of what is reported
// of an app of many stages, whatever is wrong with one of them.
func TestAlikeStagesAreReportedAsTheWhole(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(string) string{
		"nothing":       nil,
		"an encryption": replacing(`"AES256"`, `"AES257"`),
		"a setting":     replacing(`"BucketOwnerEnforced"`, `"ObjectWriter"`),
		"a number":      replacing(`"Status": "Enabled"`, `"Status": 17`),
		"a stranger":    replacing("arn:aws:iam::300000000017:root", "arn:aws:iam::300000000099:root"),
	} {
		a := manyStages(t, func(stage, text string) string {
			if edit == nil || stage != "dev17" {
				return text
			}
			return edit(text)
		})
		options := Options{}
		for _, s := range a.Stacks {
			options.Accounts = append(options.Accounts, s.Account)
		}
		for _, options.Before = range [][]*template.Stack{nil, a.Stacks[1:]} {
			if edit != nil && options.Before != nil {
				continue // the rules on updates are tried on all stacks at once
			}
			whole := check(a.Stacks, options, All())
			rank := map[string]int{}
			for i, s := range a.Stacks {
				rank[s.Name] = i
			}
			whole.sort(rank)
			got, want := fmt.Sprintf("%+v", Check(a.Stacks, options)), fmt.Sprintf("%+v", whole)
			if got != want {
				t.Errorf("%s: in groups:\n%s\nas a whole:\n%s", name, got, want)
			}
			if edit != nil && len(whole.Findings)+len(whole.Unknown) == 0 {
				t.Errorf("%s: nothing is found", name)
			}
		}
	}
}

func replacing(old, by string) func(string) string {
	return func(text string) string { return strings.ReplaceAll(text, old, by) }
}

var named = regexp.MustCompile(`((?:^|[^/\w])(?:dev|prod))`) // not /dev/stdout

// manyStages are two of the examples, each under several names.
func manyStages(t *testing.T, edit func(stage, text string) string) *template.Assembly {
	t.Helper()
	var from, to struct {
		Version   string                     `json:"version"`
		Artifacts map[string]json.RawMessage `json:"artifacts"`
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(examples, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	if err := json.Unmarshal([]byte(read("manifest.json")), &from); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	to.Artifacts = map[string]json.RawMessage{}
	for id, artifact := range from.Artifacts {
		stage, kind, _ := strings.Cut(id, "-")
		if stage != "dev" && stage != "prod" {
			continue
		}
		for n := 16; n < 18; n++ {
			renamed := func(text string) string {
				text = named.ReplaceAllString(text, fmt.Sprintf("${1}%d", n))
				return strings.NewReplacer("111122223333", fmt.Sprint(300000000000+n), "444455556666", fmt.Sprint(400000000000+n), "777788889999", fmt.Sprint(500000000000+n)).Replace(text)
			}
			to.Artifacts[fmt.Sprintf("%s%d-%s", stage, n, kind)] = json.RawMessage(renamed(string(artifact)))
			write(fmt.Sprintf("%s%d-%s.template.json", stage, n, kind), edit(fmt.Sprint(stage, n), renamed(read(id+".template.json"))))
		}
	}
	manifest, err := json.Marshal(to)
	if err != nil {
		t.Fatal(err)
	}
	write("manifest.json", string(manifest))
	a, err := template.ReadAssembly(dir)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Stages of numbered names are alike, and each is a group.
func TestOneOfAlikeStagesSpeaksForTheOthers(t *testing.T) {
	t.Parallel()
	groups := placedGroups(manyStages(t, func(_, text string) string { return text }).Stacks)
	if len(groups) != 4 {
		t.Errorf("%d groups", len(groups))
	}
	clean, tried := newClean(nil), 0
	for _, group := range groups {
		if !clean.has(group) {
			tried++
			clean.add(group)
		}
	}
	if tried != 2 {
		t.Errorf("%d of the groups are unlike those before, not one of each", tried)
	}
}

func TestWhatMakesStacksUnlike(t *testing.T) {
	t.Parallel()
	const bucket = `{"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "NAME", "Tags": [{"Key": "a", "Value": "%s"}]}}}}`
	for _, c := range []struct {
		about, one, other string // a tag's value in prod16 and in prod17
		account           string // of prod17; "": any
		alike             bool
	}{
		{"nothing", "x", "x", "", true},
		{"the stage", "of-prod16-x", "of-prod17-x", "", true},
		{"the account", "arn:aws:iam::300000000016:root", "arn:aws:iam::300000000017:root", "", true},
		{"a hash of the name", "prod16replicaRole0123ABCD", "prod17replicaRole45EF6789", "", true},
		{"another hash", "dev16replicaRole0123ABCD", "dev16replicaRole45EF6789", "", false},
		{"an algorithm", "AES256", "AES257", "", false},
		{"a number", "400", "401", "", false},
		{"another account", "arn:aws:iam::100000000001:root", "arn:aws:iam::100000000002:root", "", false},
		{"the stage for another word", "prod15", "prod17", "", false},
		{"the same stage in both", "prod16", "prod16", "", false},
		{"a pattern", "prod1*", "prod1*", "", false},
		{"letters", "a", "b", "", false},
		{"a placeholder", "x", "x", "111122223333", false},
		{"an account of AWS", "x", "x", "127311923021", false},
		{"an account that isn't ours", "x", "x", "300000000018", false},
	} {
		place := func(stage, account, value string) []*template.Stack {
			file := filepath.Join(t.TempDir(), stage+".json")
			text := strings.ReplaceAll(fmt.Sprintf(bucket, value), "NAME", "acme-"+stage+"-"+account)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := template.ReadTemplate(file, account, "eu-west-1")
			if err != nil {
				t.Fatal(err)
			}
			s.Tags = map[string]string{"s3seal:stage": stage}
			return []*template.Stack{s}
		}
		account := c.account
		if account == "" {
			account = "300000000017"
		}
		clean := newClean([]string{"300000000016", "300000000017", "111122223333", "127311923021"})
		clean.add(place("prod16", "300000000016", c.one))
		if got := clean.has(place("prod17", account, c.other)); got != c.alike {
			t.Errorf("stacks that differ in %s: alike is %v", c.about, got)
		}
	}
}
