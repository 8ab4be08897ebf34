package rule

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// The rule about the accounts that templates name. Tried in one of these, a stack
// would have it for its own: what counts is the answer in another.
const unknownAccount = "unknown-account"

var accountRules = []Rule{
	{
		ID:       unknownAccount,
		Severity: Error,
		Reason:   "An account that no stage has, left in a copied template, is a stranger: it gets the access that was meant for one of ours, and ours doesn't.",
		Source:   "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
		Fix:      "Write the account that is meant, better as a parameter or pseudo parameter, or add it to the accounts known.",
		check:    checkAccounts,
	},
}

func checkAccounts(c *checker) {
	severity, accounts := Error, c.Accounts
	if len(accounts) == 0 {
		severity = Warning
		for _, s := range c.all {
			if !s.AnyAccount {
				accounts = append(accounts, s.Account)
			}
		}
	}
	ofAWS := accountsOfServices()
	for _, l := range c.leaves {
		if l.err != nil {
			continue // nothing is written here that could be read
		}
		own := l.resource.Stack().Account
		for _, account := range accountsIn(l.text, l.at) {
			switch {
			case account == own || slices.Contains(accounts, account) || ofAWS[account]:
			case len(c.Accounts) == 0 && placeholder.MatchString(account):
			case len(accounts) == 0:
				c.unknown(l.resource, l.at, errors.New("the accounts that are ours: none is given"))
			default:
				c.findAs(severity, l.resource, l.at, "account %s in %q is none of %s", account, l.text, known(accounts, own))
			}
		}
	}
}

func accountsOfServices() map[string]bool {
	all := map[string]bool{}
	for _, account := range loadBalancers {
		all[account] = true
	}
	for _, list := range accountsOfAWS {
		for account := range strings.FieldsSeq(list) {
			all[account] = true
		}
	}
	return all
}

// placeholder is an account as AWS's pages write it in examples: 111122223333,
// 123456789012, 444455556666. In a template whose accounts nobody has said it is
// one that is to be replaced; where they are said, it is left over.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
var placeholder = regexp.MustCompile(`^(0{4}|1{4}|2{4}|3{4}|4{4}|5{4}|6{4}|7{4}|8{4}|9{4}){3}$|^0?123456789`)

// known names the accounts that may stand, or says how many there are.
func known(accounts []string, own string) string {
	list := slices.Clone(accounts)
	if own != "" {
		list = append(list, own)
	}
	slices.Sort(list)
	list = slices.Compact(list)
	if len(list) > 4 {
		return fmt.Sprintf("the %d accounts known", len(list))
	}
	return strings.Join(list, ", ")
}

var (
	accountID      = regexp.MustCompile(`^[0-9]{12}$`)
	accountField   = regexp.MustCompile(`(?:^|:)([0-9]{12})(?:$|:)`)
	accountElement = regexp.MustCompile(`\.Environment\.Variables\.|(?i:account)[A-Za-z]*(\[[0-9]+\])?$|\.Principal\.AWS(\[[0-9]+\])?$`)
)

// accountsIn are the accounts in a text: the account of an ARN, or the whole
// text where an account is to be expected. Other numbers of twelve digits, such
// as times, are none.
func accountsIn(text, at string) []string {
	switch whole := !strings.Contains(text, ":"); {
	case len(text) < 12, whole && !accountElement.MatchString(at), !whole && !strings.Contains(text, "arn:"):
		return nil
	case strings.Contains(text, ":layer:"):
		return nil // who publishes a layer gets no access by it
	}
	var list []string
	for _, m := range accountField.FindAllStringSubmatch(text, -1) {
		list = append(list, m[1])
	}
	return list
}
