package stage

// Group is accounts that get a stage each. What is said of a stage can be said
// here of all, over defaults; a mapping is merged with theirs field by field, and
// a list replaces theirs. Its texts may hold {account}, {region} and {name}, the
// name of each account's column in braces, and {stage} and {group}.
type Group struct {
	// File lists the accounts: a .csv or .json file, by a path relative to
	// stages.yaml, as AWS Organizations exports it. Default: accounts does.
	File string `yaml:"file,omitempty"`

	// Accounts lists the accounts in place, by the same columns: account, and
	// what else the texts need, such as name, region and email.
	Accounts []map[string]string `yaml:"accounts,omitempty" jsonschema:"minItems=1"`

	// Where picks accounts by what their columns hold. Default: all; then an
	// account that isn't active is refused.
	Where map[string][]string `yaml:"where,omitempty"`

	// Columns names columns of the file for the texts, such as backup: Backup
	// account. Default: account, name, email, region, state and status by their
	// usual headers, and all others by their own.
	Columns map[string]string `yaml:"columns,omitempty"`

	// Ignore lists columns of the file that nothing uses. Default: those of AWS
	// Organizations.
	Ignore []string `yaml:"ignore,omitempty" jsonschema:"uniqueItems=true"`

	// Name is what the stages are called. Default: "{group}-{name}". Other text
	// of an account than a-z and 0-9 becomes a hyphen in it, in prefix and in
	// buckets' names.
	Name string `yaml:"name,omitempty"`

	// Overrides says what is otherwise of single accounts, by their account ids
	// or the names of their stages, over the fields of the group.
	Overrides map[string]Stage `yaml:"overrides,omitempty"`

	Stage `yaml:",inline"`
}

// defaultStageName is the pattern of names of a group that has none.
const defaultStageName = "{group}-{name}"

// member is an account of a group, or a stage of its own that defaults fill.
type member struct {
	group, stage string // group is "" of a stage of its own
	path         string // of what has been read of it
	at           place
	cells        map[string]cell // what placeholders stand for
	alone        bool            // without a replica, as its row names no account for it
	ownTags      []string        // whose values have placeholders
}

// cell is a text that a placeholder stands for, and where it is from. Without at,
// it is something that the file lacks, which is reported where it is demanded.
type cell struct {
	text string
	kind string // what the file has instead of text, such as "a number"
	at   place
}
