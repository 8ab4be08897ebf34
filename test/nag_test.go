package test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/s3seal/s3seal/stacks"
)

// Reviewers run cdk-nag; a finding without an answer costs each of them the
// same question. Every accepted finding has its reason next to the resource.
func TestNagFindsNothingUnexplained(t *testing.T) {
	file := loadStages(t, exampleStages)
	app := newApp(t)
	// Findings are read from the reports; as annotations they would end Synth.
	app.Node().SetContext(jsii.String("@aws-cdk/core:annotationsInValidationReport"), false)
	for i := range file.Stages {
		stacks.New(app, &file.Stages[i], stubs)
	}
	props := &cdknag.NagPackProps{ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_CSV}}
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(props), nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewNIST80053R5Checks(props), nil)
	dir := *app.Synth(nil).Directory()

	reports, err := filepath.Glob(filepath.Join(dir, "*-NagReport.csv"))
	if err != nil || len(reports) == 0 {
		t.Fatalf("cdk-nag wrote no report in %s (%v)", dir, err)
	}
	rows := 0
	for _, report := range reports {
		for _, r := range readReport(t, report) {
			rows++
			switch {
			case r.compliance == "Compliant", r.compliance == "N/A":
			case r.compliance == "Suppressed" && len(r.reason) >= 10 && r.reason != "N/A":
			default:
				t.Errorf("%s: %s on %s: %s (reason %q): mend it, or accept it with nag.Accept next to the resource",
					filepath.Base(report), r.rule, r.resource, r.compliance, r.reason)
			}
		}
	}
	if rows < 100 {
		t.Errorf("cdk-nag looked at %d rules and resources; it cannot have seen the stacks", rows)
	}
}

type nagRow struct{ rule, resource, compliance, reason string }

func readReport(t *testing.T, file string) []nagRow {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if header := strings.Join(records[0][:4], ","); header != "Rule ID,Resource ID,Compliance,Exception Reason" {
		t.Fatalf("%s: unexpected header %s", file, header)
	}
	var rows []nagRow
	for _, r := range records[1:] {
		rows = append(rows, nagRow{r[0], r[1], r[2], r[3]})
	}
	return rows
}
