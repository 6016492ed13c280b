using System.CommandLine;
using FeedbackAlignment.Fuzzing;

// Damages files of every kind that the project reads, and whole folders, and demands a value or the documented refusal for each: never
// another exception, never more than bounded memory or time, never a change outside the given folder. A finding is printed with the
// options that make it again.
var inputs = new Option<long>("--inputs") { Description = "How many damaged files in all. [default: 1000000, or none with --folders, --processes or --pair]" };
var folders = new Option<long>("--folders") { Description = "How many pairs of a damaged folder and a command." };
var processes = new Option<long>("--processes") { Description = "How many such pairs, with each command in a process of its own." };
var seed = new Option<ulong>("--seed") { Description = "Decides on the damage.", DefaultValueFactory = _ => 1 };
var only = new Option<string?>("--target") { Description = "Only this reader of files." };
var number = new Option<long?>("--input") { Description = "Only the file of this number; needs --target." };
var pair = new Option<long?>("--pair") { Description = "Only the pair of this number; its folder is kept." };
var place = new Option<string?>(Session.ChildPlace) { Hidden = true };
var first = new Option<long>(Session.ChildFirst) { Hidden = true };
var count = new Option<long>(Session.ChildCount) { Hidden = true };
var root = new RootCommand("Feeds damaged files to everything that reads one, and damaged folders to every command.")
{
    inputs, folders, processes, seed, only, number, pair, place, first, count,
};
root.SetAction(parsed =>
{
    var session = new Session(parsed.GetValue(seed), parsed.GetValue(only), parsed.GetValue(processes) > 0);
    if (parsed.GetValue(place) is { } given)
    {
        session.RunChild(given, isFolders: parsed.GetValue(folders) > 0, parsed.GetValue(first), parsed.GetValue(count));
        return 0;
    }

    var wanted = parsed.GetResult(inputs) is not null and not { Implicit: true } || parsed.GetValue(folders) > 0
        || parsed.GetValue(processes) > 0 || parsed.GetValue(pair) is not null
        ? parsed.GetValue(inputs) : 1_000_000;
    return session.Run(wanted, parsed.GetValue(number), Math.Max(parsed.GetValue(folders), parsed.GetValue(processes)),
        parsed.GetValue(pair));
});
return root.Parse(args).Invoke();
