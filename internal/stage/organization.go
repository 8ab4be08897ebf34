package stage

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/iam"
	"github.com/s3seal/s3seal/internal/policyfile"
)

// Organization is the policies of AWS Organizations over the stages' accounts.
// They allow nothing; the access tables and questions take them into account.
type Organization struct {
	// ManagementAccount is the account that no policy of the organization limits.
	// Default: none of the stages'.
	ManagementAccount string `yaml:"managementAccount,omitempty" jsonschema:"pattern=^[0-9]{12}$,example=999988887777"`

	// SCPs are the service control policies: what the accounts' users and roles
	// may do at most. Default: none.
	SCPs []Attachment `yaml:"scps,omitempty"`

	// RCPs are the resource control policies: what may be done at most with the
	// accounts' resources. Default: none.
	RCPs []Attachment `yaml:"rcps,omitempty"`
}

// Attachment is the root, a unit or an account of the organization, with the
// policies of a kind that are attached there. A request must pass each of them that
// is over its account.
type Attachment struct {
	// Files are the policies in JSON, by paths relative to stages.yaml. SCPs of
	// which none allows anything stand beside FullAWSAccess, which need not be
	// written.
	Files []string `yaml:"files" jsonschema:"minItems=1"`

	// Accounts are those under it. Default: all.
	Accounts []string `yaml:"accounts,omitempty" jsonschema:"minItems=1"`

	level policyfile.Level `yaml:"-"`
}

// Policies are the organization's policies, of a file that was read by Load.
func (o Organization) Policies() policyfile.Organization {
	levels := func(list []Attachment) []policyfile.Level {
		var out []policyfile.Level
		for _, a := range list {
			out = append(out, a.level)
		}
		return out
	}
	return policyfile.Organization{Management: o.ManagementAccount, SCPs: levels(o.SCPs), RCPs: levels(o.RCPs)}
}

// checkOrganization checks what the organization's policies are about, and reads
// them.
func (d *document) checkOrganization(o *Organization) {
	const at = "organization"
	if management := at + ".managementAccount"; d.has(management) {
		d.checkAccount(management, o.ManagementAccount)
	}
	for _, kind := range []struct {
		name  string
		list  []Attachment
		level func([]string, ...iam.Source) (policyfile.Level, error)
	}{{"scps", o.SCPs, policyfile.NewSCPs}, {"rcps", o.RCPs, policyfile.NewRCPs}} {
		for i := range kind.list {
			a, path := &kind.list[i], fmt.Sprintf("%s.%s[%d]", at, kind.name, i)
			if d.failed(path) {
				continue
			}
			if d.has(path+".accounts") && len(a.Accounts) == 0 {
				d.report(path+".accounts", "accounts is empty: write them, or remove the line to mean all")
			}
			for j, account := range a.Accounts {
				d.checkAccount(fmt.Sprintf("%s.accounts[%d]", path, j), account)
			}
			if d.required(path+".files", "write the policies that are attached there, such as files: [policies/deny-regions.json]") {
				d.readAttachment(a, path+".files", kind.level)
			}
		}
	}
}

func (d *document) checkAccount(path, account string) {
	if !d.failed(path) && !accountID.MatchString(account) {
		d.report(path, `%s %s isn't an account id: write its 12 digits in quotes, such as "111122223333"`, lastName(path), quote(account))
	}
}

// readAttachment reads the policies. Without a folder nothing is read.
func (d *document) readAttachment(a *Attachment, path string, level func([]string, ...iam.Source) (policyfile.Level, error)) {
	if len(a.Files) == 0 {
		d.report(path, "files is empty: write the policies that are attached there, or remove the entry")
	}
	if d.folder == "" || d.failed(path) {
		return
	}
	for i, file := range a.Files {
		at := fmt.Sprintf("%s[%d]", path, i)
		if slices.Index(a.Files, file) < i {
			d.report(at, "%s comes twice: remove one", quote(file))
			continue
		}
		if !filepath.IsAbs(file) {
			file = filepath.Join(d.folder, file)
		}
		p, err := policyfile.Read(file)
		if err == nil {
			// Each by itself too, so that the error is at its line.
			_, err = level(a.Accounts, p)
		}
		if err != nil {
			d.report(at, "%s", strings.TrimPrefix(err.Error(), "policy "))
			continue
		}
		a.level.Policies = append(a.level.Policies, p)
	}
	if !d.failedItem(path, len(a.Files)) {
		a.level, _ = level(a.Accounts, a.level.Policies...) // each was accepted above
	}
}
