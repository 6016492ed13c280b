using System.CommandLine;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Analysis;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using FeedbackAlignment.Rules;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa similarity</c>: how similarly the layers of two rules' networks represent the same examples.</summary>
internal static class SimilarityCommand
{
    /// <summary>Pairs of examples are compared, so the time grows with the square.</summary>
    private const int UsualExamples = 1000, MostExamples = 10_000;

    public static Command Create(Terminal terminal)
    {
        var folder = AnalysisOptions.Folder();
        var to = new Option<string>("--to")
        {
            Description = "The rule to compare the others with, seed by seed.",
            HelpName = "id",
            DefaultValueFactory = _ => BackpropagationRule.Entry.Id,
        };
        var examples = AnalysisOptions.Examples($"Use the first N test examples, at most {MostExamples}. [default: {UsualExamples}]");
        var csv = AnalysisOptions.Csv();
        var command = new TaughtCommand(
            "similarity",
            "Compares the hidden layers of an experiment's networks with those of backpropagation from the same seed, by linear centered "
                + "kernel alignment (CKA): 1 is the same up to rotation and scale, 0 is unrelated.",
            "fa similarity runs/mnist",
            "fa similarity runs/mnist --to feedback-alignment --examples 2000")
        {
            folder, to, examples, csv, DataFolderOption.New(), ArithmeticOption.New(ArithmeticOption.OfARun),
        };
        command.SetAction(parsed =>
        {
            var count = parsed.GetValue(examples) ?? UsualExamples;
            if (count > MostExamples)
            {
                throw new BadInputException($"--examples: must be at most {MostExamples}, was {count}");
            }

            var path = parsed.GetRequiredValue(folder);
            var (runs, test) = AnalysisOptions.Open(terminal, parsed, path, count);
            var rule = terminal.Components.Rules.Find(parsed.GetValue(to)!)?.Id ?? parsed.GetValue(to)!;
            var references = runs.Runs.Where(run => run.Record.Rule == rule).ToDictionary(run => run.Record.Seed);
            (FinishedRun Run, FinishedRun Reference)[] pairs = [.. runs.Runs
                .Where(run => run.Record.Rule != rule && references.ContainsKey(run.Record.Seed))
                    .Select(run => (run, references[run.Record.Seed]))];
            if (pairs.Length == 0)
            {
                throw new BadInputException(references.Count == 0
                    ? $"--to: {path} has no finished run of {rule}; it has "
                        + $"{string.Join(", ", runs.Runs.Select(run => run.Record.Rule).Distinct())}"
                    : $"{path}: no other rule has a finished run with a seed of {rule}, so there is nothing to compare");
            }

            string[] layers = [.. pairs[0].Run.Network.Layers.SkipLast(1).Select(layer => layer.Name)];
            var widest = pairs[0].Run.Network.Layers.SkipLast(1).Max(layer => layer.Outputs);
            (RunRecord Run, IReadOnlyList<double?> Layers)[] results =
                [.. pairs.Select(pair
                    => (pair.Run.Record, Similarity.OfHiddenLayers(pair.Run.Network, pair.Reference.Network, test.Inputs)))];
            if (parsed.GetValue(csv))
            {
                AnalysisOptions.WriteCsv(terminal, ["rule", "to", "seed", "layer", "cka"],
                    from result in results
                    from pair in layers.Zip(result.Layers)
                    select (string[])[result.Run.Rule, rule, $"{result.Run.Seed}", pair.First, AnalysisOptions.Number(pair.Second)]);
                return ExitCode.Done;
            }

            terminal.Output.WritePlain(
                $"linear CKA with {rule} of the same seed, on {NumberText.Count(test.Count)} test examples; "
                + "mean ± standard deviation over seeds");
            if (test.Count < widest)
            {
                terminal.Output.WritePlain(
                    $"note        a layer has {NumberText.Count(widest)} units: with fewer examples than units CKA is too high; "
                    + "raise --examples");
            }

            terminal.Output.WritePlain();
            var table = ColumnTable.Create(["layer", .. results.Select(result => result.Run.Rule).Distinct()]);
            foreach (var (index, layer) in layers.Index())
            {
                table.AddRow([ForeignMarkup.Cell(layer), .. results.GroupBy(result => result.Run.Rule)
                    .Select(group => ForeignMarkup.Cell(Spread(Summary.Of(group.Select(result => result.Layers[index])))))]);
            }

            terminal.Output.Write(table);
            terminal.Output.WritePlain();
            return ExitCode.Done;
        });
        return command;
    }

    private static string Spread(Summary? values) => values is null ? NumberText.None
        : NumberText.Format(values.Mean, "0.000")
            + (values.Deviation is { } deviation ? $" ± {NumberText.Format(deviation, "0.000")}" : "");
}
