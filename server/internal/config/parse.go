package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// EnvPrefix begins the name of every environment variable that is a setting.
const EnvPrefix = "HIMSG"

const configEnv = EnvPrefix + "_CONFIG"

// onlyFlags are flags that make no sense in a file.
var onlyFlags = []string{"config", "help", "password-stdin", "passphrase-stdin", "dry-run"}

// Parsed is a command line that was understood.
type Parsed struct {
	CLI     CLI
	Command string // "serve", "admin create" …; empty when only help was asked for and printed
}

// Parse reads flags, environment and file. Errors wrap ErrSettings and are one sentence for a person.
func Parse(args []string, stdout, stderr io.Writer) (*Parsed, error) {
	p := &Parsed{}
	helped := false
	options := []kong.Option{
		kong.Name("himsg-server"),
		kong.Description("The server of Hi_Msg, a messenger for companies."),
		kong.DefaultEnvars(EnvPrefix),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }), // kong exits after printing help, and only then
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
		kong.Configuration(loadTOML),
	}
	if path := os.Getenv(configEnv); path != "" && !slices.ContainsFunc(args, isConfigFlag) {
		args = append(slices.Clone(args), "--config="+path)
	}
	parser, err := kong.New(&p.CLI, options...)
	if err != nil {
		return nil, fmt.Errorf("build the command line: %w", err)
	}
	ctx, err := parser.Parse(args)
	if helped {
		return &Parsed{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSettings, err)
	}
	p.Command = ctx.Command()
	return p, nil
}

func isConfigFlag(arg string) bool {
	return arg == "--config" || len(arg) > 9 && arg[:9] == "--config="
}

// file is a TOML file's settings as kong asks for them.
type file map[string]any

func loadTOML(r io.Reader) (kong.Resolver, error) {
	values := file{}
	if _, err := toml.NewDecoder(r).Decode(&values); err != nil {
		if pe, ok := errors.AsType[toml.ParseError](err); ok {
			return nil, fmt.Errorf("the settings file is not TOML: line %d: %s", pe.Position.Line, pe.Message)
		}
		return nil, err
	}
	return values, nil
}

// Validate implements kong.Resolver: it refuses keys that no command knows.
func (f file) Validate(app *kong.Application) error {
	known := map[string]bool{}
	var walk func(n *kong.Node)
	walk = func(n *kong.Node) {
		for _, flag := range n.Flags {
			known[flag.Name] = !slices.Contains(onlyFlags, flag.Name)
		}
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(app.Node)
	for key, value := range f {
		if !known[key] {
			return fmt.Errorf("the settings file has the unknown key %q", key)
		}
		switch value.(type) {
		case string, bool, int64:
		default:
			return fmt.Errorf("the settings file's %q must be a text, a number or true or false", key)
		}
	}
	return nil
}

// Resolve implements kong.Resolver. kong would let a file win over the environment; here it doesn't.
func (f file) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	value, ok := f[flag.Name]
	if !ok {
		return nil, nil
	}
	return fmt.Sprint(value), nil
}
