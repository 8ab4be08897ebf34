package logdelivery

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/s3seal/s3seal/encryption"
	"github.com/s3seal/s3seal/internal/golden"
)

// A pattern that the matrix doesn't know would be answered with another's cell,
// or none.
func TestEveryPatternHasAColumn(t *testing.T) {
	if got, want := len(matrix[0].cells), len(encryption.Patterns()); got != want {
		t.Fatalf("each row of the matrix has %d cells, and there are %d patterns: add an answer for the last", got, want)
	}
}

func TestEveryCellHasAnAnswerAndItsPage(t *testing.T) {
	t.Parallel()
	for _, c := range Cells() {
		name := string(c.Source) + " to " + string(c.Encryption)
		if c.Verdict == "" || c.Read == "" || !strings.HasSuffix(c.Page, ".html") || strings.Contains(c.Page, "docs.aws.amazon.com") {
			t.Errorf("%s: verdict %q, page %q, read %q", name, c.Verdict, c.Page, c.Read)
		}
		if !c.Delivers() && c.Reason == "" {
			t.Errorf("%s is %s without a reason", name, c.Verdict)
		}
	}
}

// A constant without a row is a source that every lookup calls unknown.
func TestEverySourceHasARow(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "source.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constants := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, value := range v.Values {
			text, err := strconv.Unquote(value.(*ast.BasicLit).Value)
			if _, known := Of(Source(text)); err != nil || !known {
				t.Errorf("%s: the matrix has no row for it", v.Names[i].Name)
			}
			constants++
		}
		return true
	})
	if sources := slices.Compact(slices.Sorted(slices.Values(Sources()))); len(sources) != len(matrix) || constants != len(matrix) {
		t.Errorf("%d rows for %d sources and %d constants in source.go: each has one", len(matrix), len(sources), constants)
	}
}

// What a row leaves out would be a statement without a name, or a rule that
// never looks.
func TestEveryRowIsComplete(t *testing.T) {
	t.Parallel()
	logTypes := map[string]Source{}
	for _, s := range Sources() {
		traits, _ := Of(s)
		if set := traits.Setting; set.LogType != "" {
			for _, of := range []string{"", set.Of} {
				if other := logTypes[set.LogType+of]; other != "" {
					t.Errorf("%s: its LogType is that of %s too: tell them apart by Setting.Of", s, other)
				}
			}
			logTypes[set.LogType+set.Of] = s
		}
		byPolicy := !traits.NeedsACL
		delivered := traits.Setting.Type == "AWS::Logs::Delivery"
		for what, missing := range map[string]bool{
			"Title":                       traits.Title == "",
			"Page":                        !strings.HasSuffix(traits.Page, ".html"),
			"Setting.Type":                traits.Setting.Type == "",
			"Setting.Destination or List": !delivered && traits.Setting.Destination == "" && traits.Setting.List == "",
			"Setting.LogType":             delivered && traits.Setting.LogType == "",
			"FirstObject":                 byPolicy && !delivered && traits.FirstObject == "",
			"PartitionedObject":           traits.Setting.Partitioned != "" && traits.PartitionedObject == "",
			"Family.Principal":            traits.Principal == "",
			"Family.ARN":                  byPolicy && traits.ARN == "",
			"Family.ARNOperator":          byPolicy && traits.ARNOperator == "",
			"Family.Sid":                  byPolicy && traits.Sid == "",
			"Family.CheckSid":             len(traits.Checks) > 0 && traits.CheckSid == "",
			"Family.KeyRequests":          Lookup(s, encryption.SSEKMSCMK).Delivers() && len(traits.KeyRequests) == 0,
			"Family.KeyUses":              byPolicy && Lookup(s, encryption.SSEKMSCMK).Delivers() && len(traits.KeyUses) == 0,
			"a row for Vended":            traits.Vended != "" && !slices.Contains(Sources(), traits.Vended),
			"Family.NamesSource, or {account} in Family.ARN": byPolicy && !strings.Contains(traits.ARN, "{account}") && !traits.NamesSource,
		} {
			if missing {
				t.Errorf("%s: its row lacks %s", s, what)
			}
		}
		if strings.ContainsAny(strings.Join(append(delivery(s).Keys(), delivery(s, func(d *Delivery) { d.SourceARNs = nil }).ARNs()...), ""), "{}") {
			t.Errorf("%s: a field of its folder or ARN is not filled in: %v %v", s, delivery(s).Keys(), delivery(s).ARNs())
		}
	}
}

// What holds for all sources: SSE-S3 works, and a service can neither send a
// customer's key nor be admitted to an AWS managed key.
func TestColumnsThatAreAlikeForAllSources(t *testing.T) {
	t.Parallel()
	for _, s := range Sources() {
		if !Lookup(s, encryption.SSES3).Delivers() {
			t.Errorf("%s isn't delivered under SSE-S3", s)
		}
		for _, e := range []encryption.Pattern{encryption.SSEKMSAWSManaged, encryption.DSSEKMS, encryption.SSEC} {
			if Lookup(s, e).Delivers() {
				t.Errorf("%s is delivered under %s", s, e)
			}
		}
	}
}

func TestRefusalsSayWhyAndWhatToDoInOneLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		source     Source
		encryption encryption.Pattern
		want       string
	}{
		{ALBAccess, encryption.SSES3, ""},
		{ALBAccess, encryption.SSEKMSCMK, "ALB access logs don't arrive readable in a bucket under SSE-KMS under a customer managed key: " +
			"the only server-side encryption that's supported is SSE-S3 (docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html): " +
			"use SSE-S3; or send them as ALB access logs (vended), to a bucket under SSE-S3 or SSE-KMS under a customer managed key"},
		{VPCFlowLogs, encryption.DSSEKMS, "VPC flow logs don't arrive readable in a bucket under DSSE-KMS: " +
			"the page names SSE-S3 and SSE-KMS, and not DSSE-KMS (no page of AWS's says that it works): " +
			"use SSE-S3 or SSE-KMS under a customer managed key"},
		{CloudFrontLegacy, encryption.SSEKMSAWSManaged, "CloudFront standard logs (legacy) don't arrive readable in a bucket under SSE-KMS under the AWS managed key aws/s3: " +
			"CloudFront can't write under the AWS managed key (docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html): " +
			"send them as CloudFront standard logs (v2), to a bucket under SSE-S3 or SSE-KMS under a customer managed key"},
		{"carrier-pigeon", encryption.SSES3, `"carrier-pigeon" isn't a source of logs that is known here`},
	} {
		if d := cmp.Diff(tt.want, Lookup(tt.source, tt.encryption).Refusal()); d != "" {
			t.Errorf("%s to %s: (-want +got)\n%s", tt.source, tt.encryption, d)
		}
	}
	for _, c := range Cells() {
		if r := c.Refusal(); !c.Delivers() && (!strings.Contains(r, ": use ") && !strings.Contains(r, ": send ") || strings.Contains(r, "\n")) {
			t.Errorf("no alternative, or more than a line: %q", r)
		}
	}
}

const (
	page      = "../docs/log-delivery.md"
	tableHead = "<!-- The tables from here to the next comment are made by `go test ./logdelivery -update`. -->\n"
	tableEnd  = "<!-- End of the tables. -->\n"
)

// A reader decides by the page, the program by the data.
func TestDocumentedMatrixIsTheData(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), tableHead)
	_, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatalf("%s lacks the comments around the tables", page)
	}
	if quoted := Lookup(ALBAccess, encryption.SSEKMSCMK).Refusal(); !strings.Contains(string(text), quoted) {
		t.Errorf("%s quotes a refusal that is worded otherwise now: %s", page, quoted)
	}
	golden.File(t, page, before+tableHead+"\n"+markdown()+"\n"+tableEnd+after)
}
