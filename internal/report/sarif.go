package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/s3seal/s3seal/internal/rule"
)

// fingerprint is the name under which a result has what identifies it from one
// run to the next.
const fingerprint = "s3seal/v1"

// writeSARIF prints a log of one run. What nobody could decide is a result of the
// kind "open", and what was acknowledged one that is suppressed.
// Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
func (r *Report) writeSARIF(w io.Writer) error {
	driver := sarifDriver{Name: "s3seal", InformationURI: "https://github.com/s3seal/s3seal"}
	b := &sarifBuilder{report: r, index: map[string]int{}, seen: map[string]int{}, results: []sarifResult{}}
	for i, known := range append(rule.All(), everyRule) {
		driver.Rules = append(driver.Rules, sarifRuleOf(known))
		b.index[known.ID] = i
	}
	for _, f := range r.Findings {
		b.add(b.finding(f))
	}
	for _, a := range r.Acknowledged {
		result := b.finding(a.Finding)
		by := "inSource"
		if rule.IsChange(a.Rule) {
			by = "external" // stages.yaml is not the template
		}
		result.Suppressions = []sarifSuppression{{Kind: by, Status: "accepted", Justification: a.Because}}
		b.add(result)
	}
	for _, u := range r.Unknown {
		// The level of all kinds but "fail" is "none".
		b.add(sarifResult{RuleID: u.Rule, Kind: "open", Level: "none", Message: sarifText{"Not decided: " + u.Why},
			Locations: b.locations(u.Template, u.LogicalID, u.PropertyPath, u.Resource())})
	}
	return encode(w, sarifLog{
		Schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json", Version: "2.1.0",
		Runs: []sarifRun{{
			Tool: sarifTool{driver}, ColumnKind: "unicodeCodePoints", Results: b.results,
			Invocations: []sarifInvocation{{ExecutionSuccessful: true}},
		}},
	})
}

func sarifRuleOf(r rule.Rule) sarifRule {
	return sarifRule{
		ID: r.ID, ShortDescription: sarifText{r.Reason}, FullDescription: sarifText{r.Reason + " " + r.Fix}, HelpURI: r.Source,
		Help: sarifHelp{
			Text:     fmt.Sprintf("%s\n\nFix: %s\n\nSource: %s", r.Reason, r.Fix, r.Source),
			Markdown: fmt.Sprintf("%s\n\n**Fix:** %s\n\n[Source](%s)", r.Reason, r.Fix, r.Source),
		},
		DefaultConfiguration: sarifConfiguration{string(r.Severity)},
	}
}

type sarifBuilder struct {
	report  *Report
	index   map[string]int // of rules
	seen    map[string]int // how often a rule found the same place
	results []sarifResult
}

func (b *sarifBuilder) finding(f rule.Finding) sarifResult {
	return sarifResult{
		RuleID: f.Rule, Kind: "fail", Level: string(f.Severity), Message: sarifText{f.Text() + "\nFix: " + f.Fix},
		Locations: b.locations(f.Template, f.LogicalID, f.PropertyPath, f.Place()),
	}
}

// add puts a result at the end. Its fingerprint is by the names of rule, stack,
// resource and property, so that lines that move, or a message that counts, make
// no new alert of an old one.
func (b *sarifBuilder) add(r sarifResult) {
	r.RuleIndex = b.index[r.RuleID]
	identity := r.RuleID + "\n" + r.Locations[0].LogicalLocations[0].FullyQualifiedName
	b.seen[identity]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d", identity, b.seen[identity]))
	r.PartialFingerprints = map[string]string{fingerprint: hex.EncodeToString(sum[:16])}
	b.results = append(b.results, r)
}

func (b *sarifBuilder) locations(file, logicalID, path, resource string) []sarifLocation {
	l := sarifLocation{LogicalLocations: []sarifLogicalLocation{{strings.TrimSuffix(resource+"."+path, "."), "resource"}}}
	if file != "" {
		uri, relative := reference(file)
		l.PhysicalLocation = &sarifPhysicalLocation{ArtifactLocation: sarifArtifact{URI: uri}}
		if relative {
			l.PhysicalLocation.ArtifactLocation.URIBaseID = "%SRCROOT%"
		}
		if at := b.report.sources.place(file, logicalID, path); at.Line > 0 {
			l.PhysicalLocation.Region = &sarifRegion{at.Line, at.Column}
		}
	}
	return []sarifLocation{l}
}
