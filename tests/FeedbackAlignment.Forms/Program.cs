using System.CommandLine;
using System.Diagnostics;
using FeedbackAlignment.Forms;

// The same content in two forms must give the same bits, or a refusal: random tables and arrays, and (with `mnist`) the real digits as IDX, CSV, NPY and PNG.
var cases = new Option<int>("--cases") { Description = "How many random contents.", DefaultValueFactory = _ => 10_000 };
var seed = new Option<int>("--seed") { Description = "Decides on the contents.", DefaultValueFactory = _ => 1 };
var only = new Option<int?>("--case") { Description = "Only this one; its files are kept." };
var root = new RootCommand("Writes data in two forms, and demands the same bits.") { cases, seed, only };
root.SetAction(parsed =>
{
    var began = Stopwatch.GetTimestamp();
    return parsed.GetValue(only) is { } one ? RandomForms.Try(parsed.GetValue(seed), one, 1, keep: true, began) : RandomForms.Try(parsed.GetValue(seed), 0, parsed.GetValue(cases), keep: false, began);
});
var data = new Option<string>("--data-dir") { Description = "The folder that holds `mnist`.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("FA_DATA") ?? "data" };
var train = new Option<int>("--train") { Description = "How many training digits.", DefaultValueFactory = _ => 60_000 };
var test = new Option<int>("--test") { Description = "How many test digits.", DefaultValueFactory = _ => 10_000 };
var mnist = new Command("mnist", "Reads MNIST in every form, trains on each, and demands the same test error.") { data, train, test };
mnist.SetAction(parsed => RealForms.Try(parsed.GetValue(data)!, parsed.GetValue(train), parsed.GetValue(test)));
root.Add(mnist);
return root.Parse(args).Invoke();
