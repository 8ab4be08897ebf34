package stage

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/s3seal/s3seal/internal/spelling"
)

// table is accounts as a file, or a group, lists them.
type table struct {
	header []cell            // the columns, by their first appearance
	rows   []map[string]cell // by column, as the header has it
	places []place           // of the rows
}

// columnsByHeader are the columns that a header means by itself: those of AWS
// Organizations' export and API, and of people's own lists. "": nothing uses it.
// Letters' case, blanks, hyphens and underscores don't matter.
//
// Sources: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_export.html
// and https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
var columnsByHeader = map[string]string{
	"account": "account", "accountid": "account", "id": "account",
	"name": "name", "accountname": "name",
	"email": "email", "accountemail": "email", "emailaddress": "email",
	"region": "region", "state": "state", "status": "status",
	"arn": "", "joinedmethod": "", "joinedtimestamp": "", "paths": "",
}

var foldHeader = strings.NewReplacer(" ", "", "-", "", "_", "")

// columnOf returns the column that a header means by itself.
func columnOf(header string) (column string, ok bool) {
	column, ok = columnsByHeader[foldHeader.Replace(strings.ToLower(header))]
	return column, ok
}

func isAccountHeader(header string) bool {
	column, _ := columnOf(header)
	return column == "account"
}

// pick returns the accounts of a group, each by column. columns are those that
// its texts use.
func (d *document) pick(e entry, g *Group, columns []string) []map[string]cell {
	t := d.accounts(e, g)
	if t == nil {
		return nil
	}
	names, ok := d.columns(e.path, g, t, columns)
	if !ok {
		return nil
	}
	before, picked := len(d.problems), 0
	var rows []map[string]cell
	for i, raw := range t.rows {
		if !g.picks(raw, names) {
			continue
		}
		picked++
		cells := make(map[string]cell, len(names)+2) // with group and stage
		for _, name := range names {
			cells[name] = cell{at: t.places[i]}
		}
		for header, c := range raw {
			if name, ok := names[header]; ok {
				cells[name] = c
			}
		}
		texts := true
		for _, header := range slices.Sorted(maps.Keys(raw)) {
			if c := raw[header]; names[header] != "" && c.kind != "" {
				texts = false
				d.reportCell(e.path, c.at, "%s is %s: write text in quotes", quote(header), c.kind)
			}
		}
		if texts {
			rows = append(rows, cells)
		}
	}
	d.checkPicked(e.path, g, names, t)
	if picked == 0 && before == len(d.problems) {
		d.report(e.path+".where", "no account has all that where asks for: write other values, or remove the group")
	}
	return d.checkAccounts(e.path, g, rows)
}

// picks reports whether the group has the account of a row.
func (g *Group) picks(row map[string]cell, names map[string]string) bool {
	for header, column := range names {
		if values, ok := g.Where[column]; ok && !slices.Contains(values, row[header].text) {
			return false
		}
	}
	return true
}

// accounts returns the list of the group's accounts, nil with a problem reported.
func (d *document) accounts(e entry, g *Group) *table {
	file, list := e.path+".file", e.path+".accounts"
	switch {
	case d.has(file) && d.has(list):
		d.report(list, "accounts beside file: keep one of the two, or make two groups")
	case d.has(file):
		if !d.failed(file) {
			return d.accountsFile(file, g.File)
		}
	case len(g.Accounts) == 0:
		d.report(e.path, `a group without accounts: write file: accounts.csv, or accounts: [{account: "111122223333", name: dev}]`)
	default:
		t := &table{}
		for i, columns := range g.Accounts {
			at := fmt.Sprintf("%s[%d]", list, i)
			row := map[string]cell{}
			for key, text := range columns {
				row[key] = cell{text: text, at: d.places[at+"."+key]}
			}
			t.add(row, d.places[at])
		}
		return t
	}
	return nil
}

// add adds a row, and its columns to the header.
func (t *table) add(row map[string]cell, at place) {
	for _, key := range slices.Sorted(maps.Keys(row)) {
		if !slices.ContainsFunc(t.header, func(c cell) bool { return c.text == key }) {
			t.header = append(t.header, cell{text: key, at: row[key].at})
		}
	}
	t.rows, t.places = append(t.rows, row), append(t.places, at)
}

// kind is what a column has in a row instead of text, and "" of a column of texts.
func (t *table) kind(header string) string {
	for _, row := range t.rows {
		if kind := row[header].kind; kind != "" {
			return kind
		}
	}
	return ""
}

// columns returns what the group calls the columns of a table, by header. Columns
// that no group of the file uses or ignores are mistakes, as they may be those that
// are meant.
func (d *document) columns(path string, g *Group, t *table, used []string) (map[string]string, bool) {
	before := len(d.problems)
	headers := make([]string, len(t.header))
	for i, h := range t.header {
		headers[i] = h.text
	}
	given := map[string]string{} // by header
	for _, name := range slices.Sorted(maps.Keys(g.Columns)) {
		if at := path + ".columns." + name; !slices.Contains(headers, g.Columns[name]) {
			d.report(at, "no column %s: %s", quote(g.Columns[name]), suggest(g.Columns[name], headers))
		} else {
			given[g.Columns[name]] = name
		}
	}
	for i, header := range g.Ignore {
		if at := fmt.Sprintf("%s.ignore[%d]", path, i); !slices.Contains(headers, header) {
			d.report(at, "no column %s: %s", quote(header), suggest(header, headers))
		}
	}
	names, first := map[string]string{}, map[string]string{} // by header; the header, by name
	for _, h := range t.header {
		name, ok := given[h.text]
		known, byHeader := columnOf(h.text)
		switch {
		case ok || slices.Contains(g.Ignore, h.text):
		case slices.Contains(used, h.text) && !byHeader:
			name = h.text
		case byHeader:
			name = known
		case g.File != "" && slices.Contains(d.uses[filepath.Clean(g.File)], h.text): // by another group
		default:
			want := slices.DeleteFunc(slices.Concat(used, []string{"account", "name", "email", "region", "state"}), func(name string) bool { return slices.Contains(headers, name) })
			instead := fmt.Sprintf("use it as {%s} in a text of the group, or write ignore: [%q]", h.text, h.text)
			if kind := t.kind(h.text); kind != "" {
				instead = fmt.Sprintf("it is %s, which no text can hold: write ignore: [%q]", kind, h.text)
			} else if near := spelling.Similar(h.text, want); len(near) > 0 {
				instead = fmt.Sprintf("did you mean %s? Or write ignore: [%q]", oneOf(near), h.text)
			} else if !slices.ContainsFunc(headers, isAccountHeader) && len(g.Columns) == 0 {
				instead = fmt.Sprintf("if it is that of the account ids, call it account, or write columns: {account: %q}", h.text)
			}
			d.reportCell(path, h.at, "unknown column %s: %s", quote(h.text), instead)
		}
		switch {
		case name == "":
		case name == "group" || name == "stage" || name == "prefix":
			d.reportCell(path, h.at, "column %s has a name that the group's texts have for another thing: name it otherwise, such as columns: {own-%s: %s}", quote(name), name, h.text)
		case first[name] != "":
			d.reportCell(path, h.at, "columns %s and %s are both %s: write ignore: [%q]", quote(first[name]), quote(h.text), name, h.text)
		default:
			names[h.text], first[name] = name, h.text
		}
	}
	if first["account"] == "" && before == len(d.problems) {
		d.reportCell(path, t.places[0], `no column of account ids: call it account, or say which it is, such as columns: {account: "Account number"}`)
	}
	for _, column := range slices.Sorted(maps.Keys(g.Where)) {
		if first[column] == "" && before == len(d.problems) {
			d.report(path+".where."+column, "no column %s: %s", quote(column), suggest(column, slices.Sorted(maps.Keys(first))))
		}
	}
	return names, before == len(d.problems)
}

// checkPicked reports what no account has of what where asks for: accounts would
// else be missing without a word.
func (d *document) checkPicked(path string, g *Group, names map[string]string, t *table) {
	for _, header := range slices.Sorted(maps.Keys(names)) {
		column := names[header]
		var have []string
		if kind := t.kind(header); kind != "" && g.Where[column] != nil {
			d.report(path+".where."+column, "%s is %s in the list, and where compares texts: remove it, or give the list a column of its own", column, kind)
			continue
		}
		for _, row := range t.rows {
			have = append(have, row[header].text)
		}
		slices.Sort(have)
		have = slices.Compact(have)
		for i, value := range g.Where[column] {
			if at := fmt.Sprintf("%s.where.%s[%d]", path, column, i); !slices.Contains(have, value) && !d.failed(at) {
				d.report(at, "no account has the %s %s: %s", column, quote(value), suggest(value, have[:min(len(have), 10)]))
			}
		}
	}
	for column, values := range g.Where {
		if at := path + ".where." + column; len(values) == 0 && !d.failed(at) {
			d.report(at, "%s is empty: write what it has for the accounts that are meant, or remove the line", column)
		}
	}
}

// checkAccounts checks the accounts of a group against each other, and that each
// can be deployed to. It returns them without those that come again.
func (d *document) checkAccounts(path string, g *Group, rows []map[string]cell) []map[string]cell {
	first := map[string]place{}
	return slices.DeleteFunc(rows, func(cells map[string]cell) bool {
		c := cells["account"]
		before, again := first[c.text]
		if again = again && accountID.MatchString(c.text); again {
			d.reportCell(path, c.at, "account %s comes twice, first at %s: remove one, or make a group for another Region", quote(c.text), d.placeName(before))
		}
		first[c.text] = c.at
		for _, column := range []string{"state", "status"} {
			state, picked := cells[column], g.Where[column] != nil
			if state.text != "" && !strings.EqualFold(state.text, "ACTIVE") && !picked {
				d.reportCell(path, state.at, "account %s is %s, and nothing can be deployed to it: remove it, or write where: {%s: [ACTIVE]}", quote(c.text), state.text, column)
				break // both columns say the same
			}
		}
		return again
	})
}

// reportCell reports what is wrong in a list of accounts. A place has one problem,
// however many groups read it.
func (d *document) reportCell(path string, at place, format string, args ...any) {
	key := "at " + d.placeName(at)
	if !d.bad[key] {
		d.bad[key] = true
		d.reportAt(at, path+".accounts "+key, format, args...)
	}
}
