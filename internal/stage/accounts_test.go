package stage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// loadAccounts loads a file of accounts in a group, and returns the problems
// without the folder, or the stages' names.
func loadAccounts(t testing.TB, name, content string) string {
	t.Helper()
	folder := t.TempDir()
	write := func(name, content string) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("stages.yaml", `groups: {g: {file: `+name+`, name: "{name}", prefix: acme, source: {region: eu-west-1}}}`)
	write(name, content)
	file, err := Load(filepath.Join(folder, "stages.yaml"))
	if err != nil {
		return strings.ReplaceAll(err.Error(), folder+"/", "")
	}
	var list []string
	for _, s := range file.Stages {
		list = append(list, s.Name+" "+s.Source.Account)
	}
	return strings.Join(list, ", ")
}

const goodCSV = "account,name\n111122223333,a\n222233334444,b\n"

func TestCSV(t *testing.T) {
	for name, c := range map[string]struct{ input, want string }{
		"plain":               {goodCSV, "a 111122223333, b 222233334444"},
		"carriage returns":    {strings.ReplaceAll(goodCSV, "\n", "\r\n"), "a 111122223333, b 222233334444"},
		"byte order mark":     {"\ufeff" + goodCSV, "a 111122223333, b 222233334444"},
		"no last line end":    {strings.TrimSuffix(goodCSV, "\n"), "a 111122223333, b 222233334444"},
		"quotes and blanks":   {"\"account\", name\n\"111122223333\" ,\"The \"\"A\"\", Team\"\n", `accounts.csv:2:14: a quote within a cell: put the whole cell in quotes, and write the quote in it twice`},
		"quotes":              {"\"account\", name\n\n\"111122223333\",\"The \"\"A\"\", Team\"\n", "the-a-team 111122223333"},
		"mixed line ends":     {"account,name\r\n111122223333,a\n", "accounts.csv:2:15: the line ends with LF, and those before with CRLF, as in a file of two parts: save it with one kind"},
		"mixed otherwise":     {"account,name\n111122223333,a\r\n", "accounts.csv:2:16: the line ends with CRLF, and those before with LF, as in a file of two parts: save it with one kind"},
		"old line ends":       {"account,name\r111122223333,a\r", "accounts.csv:1:13: a carriage return within a line: save the file with one kind of line ends"},
		"empty":               {"", "accounts.csv:1:1: an empty file: export the accounts anew"},
		"blank":               {"\ufeff\n \n", "accounts.csv:1:1: an empty file: export the accounts anew"},
		"header alone":        {"account,name\n", "accounts.csv:1:1: lists no account: export it anew"},
		"no header":           {"111122223333,a\n", "accounts.csv:1:1: no header: write the columns' names in the first line, such as account,name"},
		"semicolons":          {"account;name\n111122223333;a\n", `accounts.csv:1:1: cells that ";" separates: save the file with commas`},
		"tabs":                {"account\tname\n111122223333\ta\n", `accounts.csv:1:1: cells that "\t" separates: save the file with commas`},
		"NUL":                 {"account,name\n111122223333,a\x00\n", "accounts.csv:2:15: a control character (U+0000): export the accounts as text"},
		"UTF-16":              {"a\x00c\x00", "accounts.csv:1:2: a control character (U+0000): export the accounts as text"},
		"Latin-1":             {"account,name\n111122223333,M\xfcnchen\n", "accounts.csv:2:15: not UTF-8 text: save the file with the encoding UTF-8"},
		"10 MB":               {goodCSV + strings.Repeat("222233334444,b\n", 10<<20/15), "stages.yaml:1:20: accounts.csv: larger than 4 MiB, which no list of accounts is: write the path of the right file"},
		"many accounts":       {"account,name\n" + strings.Repeat("1,b\n", 10001), "accounts.csv:10002:1: more than 10000 accounts: split the file"},
		"too few cells":       {goodCSV + "333344445555\n", "accounts.csv:4:1: 1 cells, and the header has 2: write as many, with a cell that has a comma in quotes"},
		"too many cells":      {goodCSV + "\n333344445555,a,b\n", "accounts.csv:5:1: 3 cells, and the header has 2: write as many, with a cell that has a comma in quotes"},
		"open quote":          {"account,name\n\"111122223333,a\n222233334444,b\n", "accounts.csv:2:1: a cell in quotes without an end in its line: close the quotes"},
		"several lines":       {"account,name\n111122223333,\"a\nb\"\n", "accounts.csv:2:14: a cell of several lines: write it in one"},
		"twice in the header": {"account,name,name\n111122223333,a,b\n", `accounts.csv:1:14: two columns are called "name": rename or remove one`},
		"nameless":            {"account,name,\n111122223333,a,\n", "accounts.csv:1:14: a column without a name: name it, or remove it"},
		"after wide text":     {"email,account,name\n部門,1,a\n", `accounts.csv:2:4: account "1" is not 12 digits long but 1: write all of them, leading zeros too`},
		"no name in letters":  {"name,account\n部門,111122223333\n", `accounts.csv:2:1: name "部門" has none of a-z and 0-9, and stands in name at stages.yaml:1:40: write it here with some, or another text there`},
		"number by a machine": {"account,name\n1.11122E+11,a\n", `accounts.csv:2:1: account "1.11122E+11" has lost digits, as spreadsheets show long numbers: export the accounts anew, or make the column one of text and write the ids again`},
		"numbers by a machine": {"account,name\n\"1,1E+11\",a\n\"1,1E+11\",b\n", `accounts.csv:2:1: account "1,1E+11" has lost digits, as spreadsheets show long numbers: export the accounts anew, or make the column one of text and write the ids again
accounts.csv:3:1: account "1,1E+11" has lost digits, as spreadsheets show long numbers: export the accounts anew, or make the column one of text and write the ids again`},
		"a row twice":     {goodCSV + "222233334444,b\n", `accounts.csv:4:1: account "222233334444" comes twice, first at accounts.csv:3:1: remove one, or make a group for another Region`},
		"empty cells":     {goodCSV + ",\n , \n", "a 111122223333, b 222233334444"},
		"empty account":   {goodCSV + ",c\n", "accounts.csv:4:1: account is empty: write the account id's 12 digits"},
		"comma in a name": {"account,name\n111122223333,a, b\n", "accounts.csv:2:1: 3 cells, and the header has 2: write as many, with a cell that has a comma in quotes"},
		"title":           {"My accounts\n" + goodCSV, "accounts.csv:1:1: a first line of one cell, and the next has 2: remove what stands above the columns' names"},
		"separator":       {"sep=,\n" + goodCSV, "accounts.csv:1:1: a line for spreadsheets alone (sep=): remove it, and save the file with commas"},
		"JSON":            {`{"Accounts": []}`, "accounts.csv:1:1: JSON in a file that is called .csv: call it .json"},
		"spreadsheet":     {"PK\x03\x04\x14\x00\xff", "accounts.csv:1:1: a spreadsheet's own file, or another archive: save the accounts as CSV"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, loadAccounts(t, "accounts.csv", c.input)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	const one = `{"account": "111122223333", "name": "a"}`
	for name, c := range map[string]struct{ input, want string }{
		"list":            {"[" + one + "]", "a 111122223333"},
		"answer":          {`{"Accounts": [{"Id": "111122223333", "Name": "\u00c4 \ud83d\ude00b", "JoinedTimestamp": 1.5, "Paths": ["o/", {"a": [[]]}]}], "NextToken": null}`, "b 111122223333"},
		"byte order mark": {"\ufeff[\r\n\t" + one + "]", "a 111122223333"},
		"more":            {`{"Accounts": [` + one + `], "NextToken": "x"}`, "accounts.json:1:58: the list goes on after its NextToken: export it without --max-items and --no-paginate"},
		"unknown key":     {`{"Accounts": [` + one + `], "Next": {"a": 1}}`, `accounts.json:1:58: unknown key "Next": keep Accounts alone, or write the list [{"account": "111122223333", "name": "dev"}]`},
		"no list":         {`{}`, `accounts.json:1:1: no list: write accounts as {"Accounts": [{"Id": "111122223333", "Name": "dev"}]}`},
		"text":            {`"a"`, `accounts.json:1:1: no list: write accounts as [{"account": "111122223333", "name": "dev"}]`},
		"tags":            {`[{"account": "111122223333", "name": "a", "Tags": [{"Key": "env"}]}]`, `accounts.json:1:51: unknown column "Tags": it is a list or an object, which no text can hold: write ignore: ["Tags"]`},
		"ids alone":       {"[\n  \"111122223333\"]", `accounts.json:2:3: no account: write an object, such as {"account": "111122223333", "name": "dev"}`},
		"number":          {"[\n {\"name\": \"a\", \"account\": 111122223333}]", `accounts.json:2:27: "account" is a number, which can lose a leading zero: write text in quotes`},
		"null":            {`[{"name": "a", "account": null}]`, `accounts.json:1:27: account is empty: write the account id's 12 digits`},
		"absent":          {`[` + one + `, {"name": "b"}]`, `accounts.json:1:44: account is empty: write the account id's 12 digits`},
		"key twice":       {"[\n{\"account\": \"111122223333\", \"name\": \"a\", \"name\": \"b\"}]", "accounts.json:2:42: [0].name is given twice; keep one: export the accounts anew"},
		"cut off":         {"[\n" + one + ",\n", "accounts.json:2:42: JSON not well-formed: the text ends within a JSON value: export the accounts anew"},
		"two values":      {"[" + one + "] []", "accounts.json:1:45: JSON not well-formed: more follows after the value: export the accounts anew"},
		"deep":            {strings.Repeat("[", 100000), "accounts.json:1:18: nested deeper than 16: export the accounts anew"},
		"no account":      {"[]", "accounts.json:1:1: lists no account: export it anew"},
		"many":            {"[" + strings.Repeat("{},", 10001) + "{}]", "accounts.json:1:30002: more than 10000 accounts: split the file"},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, loadAccounts(t, "accounts.json", c.input)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestAFileOfAccountsThatIsNone(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "stages.yaml")
	if err := os.WriteFile(path, []byte(`groups: {g: {file: accounts.csv, prefix: acme, source: {region: eu-west-1}}}`), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		make func(string) error
		want string
	}{
		{func(name string) error { return os.Mkdir(name, 0o755) }, "is no file"},
		{func(name string) error { return os.Symlink("/dev/zero", name) }, "is no file"},
		{func(name string) error { return os.Symlink("nowhere", name) }, "no such file"},
		{func(name string) error { return os.Symlink(name, name) }, "cannot be read"},
	} {
		name := filepath.Join(folder, "accounts.csv")
		if err := c.make(name); err != nil {
			t.Skip(err)
		}
		_, err := Load(path)
		var problems Errors
		if !errors.As(err, &problems) || len(problems) != 1 || !strings.Contains(problems[0].Message, c.want) || problems[0].Column != 20 {
			t.Errorf("%s: got %v", c.want, err)
		}
		os.Remove(name)
	}
}

// A list that a program has spoilt is wrong in each row.
func TestOfVeryManyProblemsTheFirstAreTold(t *testing.T) {
	lines := strings.Split(loadAccounts(t, "accounts.csv", "name,account\n"+strings.Repeat("a,1\n", 1000)), "\n")
	if n := len(lines); n != mostLines+1 || !strings.HasPrefix(lines[0], "accounts.csv:2:3: ") || !strings.HasSuffix(lines[n-1], " more problems") {
		t.Errorf("%d lines, the last %s", n, lines[n-1])
	}
}

// FuzzAccounts wants an answer to every list: stages that are complete, or
// problems that each stand in one of the files and on one line.
func FuzzAccounts(f *testing.F) {
	f.Add("accounts.csv", []byte(goodCSV))
	f.Add("accounts.csv", []byte("Account ID,ARN,Email,Name,State\r\n\"111122223333\",,a@b,\"A \"\"b\"\"\",ACTIVE\r\n"))
	f.Add("accounts.csv", []byte("account,name\n\"1\n\n\",部門\"\n\x00"))
	f.Add("accounts.json", []byte(`{"Accounts": [{"Id": "111122223333", "Name": "a", "Paths": [{}]}], "NextToken": null}`))
	f.Add("accounts.json", []byte(`[{"account": 1, "name": null, "x": [[]]}, {}]`))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		if name != "accounts.csv" {
			name = "accounts.json"
		}
		folder := t.TempDir()
		for file, content := range map[string]string{
			"stages.yaml": `groups: {g: {file: ` + name + `, prefix: "a-{name}", tags: {n: "{name}"}, source: {region: eu-west-1}}}`, name: string(data),
		} {
			if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		file, err := Load(filepath.Join(folder, "stages.yaml"))
		problems := checkAnswer(t, file, err)
		lines := strings.Count(string(data), "\n") + 1
		for _, p := range problems {
			if strings.ContainsAny(p.Message, "\r\n") || p.Line < 1 || p.Line > lines || p.Column < 1 {
				t.Errorf("%q", p)
			}
		}
	})
}
