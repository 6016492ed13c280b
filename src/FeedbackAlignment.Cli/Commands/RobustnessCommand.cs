using System.CommandLine;
using System.Globalization;
using FeedbackAlignment.Cli.Display;
using FeedbackAlignment.Experiments.Analysis;
using FeedbackAlignment.Experiments.Records;
using FeedbackAlignment.Reports;
using Spectre.Console;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>fa robustness</c>: the test errors of trained networks on inputs that were changed.</summary>
internal static class RobustnessCommand
{
    /// <summary>Besides the column of clean inputs, in a terminal of 80 columns.</summary>
    private const int MostSideBySide = 2;

    public static Command Create(Terminal terminal)
    {
        var folder = AnalysisOptions.Folder();
        var noise = Strengths("--noise", "0.1,0.3",
            "Add normal noise with these standard deviations to all inputs. Inputs are as the network takes them, so standardized ones "
            + "have a standard deviation of 1.");
        var fgsm = Strengths("--fgsm", "0.03,0.1",
            "Move every input by these distances in the direction that raises the loss (fast gradient sign method). The direction is the "
            + "exact one, whatever rule trained the network.");
        var examples = AnalysisOptions.Examples("Use only the first N test examples. [default: all]");
        var seed = new Option<ulong>("--seed")
        {
            Description = "Seed of the noise, which is the same for all networks.",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var csv = AnalysisOptions.Csv();
        var command = new TaughtCommand(
            "robustness",
            "Evaluates the networks of an experiment on test inputs with noise and with adversarial changes. Shows the errors by rule.",
            "fa robustness runs/mnist",
            "fa robustness runs/mnist --noise 0.5 --fgsm 0.05,0.1 --csv")
        {
            folder, noise, fgsm, examples, seed, csv, DataFolderOption.New(), ArithmeticOption.New(ArithmeticOption.OfARun),
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            Perturbation[] perturbations =
            [
                new(PerturbationKind.None, 0),
                .. Read(parsed, noise).Select(strength => new Perturbation(PerturbationKind.Noise, strength)),
                .. Read(parsed, fgsm).Select(strength => new Perturbation(PerturbationKind.Fgsm, strength)),
            ];
            var (runs, test) = AnalysisOptions.Open(terminal, parsed, path, parsed.GetValue(examples));
            var robustness = new Robustness(test, perturbations, parsed.GetValue(seed));
            var classifies = test.Labels is not null;
            var results = new List<(RunRecord Run, IReadOnlyList<double> Errors)>();
            foreach (var run in runs.Runs)
            {
                results.Add((run.Record, robustness.Errors(run.Network, run.Loss)));
            }

            if (parsed.GetValue(csv))
            {
                AnalysisOptions.WriteCsv(terminal, ["rule", "seed", "perturbation", "strength", "error"],
                    from result in results
                    from pair in perturbations.Zip(result.Errors)
                    select (string[])[result.Run.Rule, $"{result.Run.Seed}", pair.First.Kind.ToString().ToLowerInvariant(),
                        AnalysisOptions.Number(pair.First.Strength), AnalysisOptions.Number(pair.Second)]);
                return ExitCode.Done;
            }

            terminal.Output.WritePlain(
                $"error of {NumberText.Count(test.Count)} test examples "
                + $"{(classifies ? "in percent" : "(squared, relative to the targets)")}, "
                + "mean ± standard deviation over seeds");
            terminal.Output.WritePlain(robustness.Range is { } range
                ? string.Create(CultureInfo.InvariantCulture,
                    $"strengths are in units of a pixel; changed pixels stay within {range.Low} … {range.High}")
                : "strengths are in units of the inputs as the networks take them");
            terminal.Output.WritePlain();
            foreach (var shown in Blocks(perturbations))
            {
                var table = ColumnTable.Create(["rule", .. shown.Select(index => $"{perturbations[index]}")]);
                foreach (var rule in results.GroupBy(result => result.Run.Rule))
                {
                    table.AddRow([ForeignMarkup.Cell(rule.Key), .. shown.Select(index => ForeignMarkup.Cell(
                        Spread(Summary.Of(rule.Select(run => (double?)run.Errors[index])), classifies)))]);
                }

                terminal.Output.Write(table);
                terminal.Output.WritePlain();
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The columns of each table: clean inputs, and as many others of one kind as fit beside them.</summary>
    private static IEnumerable<int[]> Blocks(Perturbation[] perturbations)
        => from kind in perturbations.Index().Skip(1).GroupBy(one => one.Item.Kind)
           from block in kind.Chunk(MostSideBySide)
           select (int[])[0, .. block.Select(one => one.Index)];

    private static string Spread(Summary? errors, bool classifies) => (errors, classifies) switch
    {
        (null, _) => NumberText.None,
        ({ Deviation: { } deviation }, true)
            => $"{NumberText.Format(100 * errors.Mean, "0.00")} ± {NumberText.Format(100 * deviation, "0.00")}",
        (_, true) => NumberText.Format(100 * errors.Mean, "0.00"),
        ({ Deviation: { } deviation }, false) => $"{NumberText.Significant(errors.Mean)} ± {NumberText.Significant(deviation)}",
        _ => NumberText.Significant(errors.Mean),
    };

    private static Option<string> Strengths(string name, string usual, string description) => new(name)
    {
        Description = $"{description} none: not at all.",
        HelpName = "a,b",
        DefaultValueFactory = _ => usual,
    };

    private static IEnumerable<double> Read(ParseResult parsed, Option<string> option)
    {
        var text = parsed.GetValue(option)!;
        if (text == "none")
        {
            yield break;
        }

        foreach (var part in text.Split(','))
        {
            yield return double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0
                && double.IsFinite(value)
                ? value
                : throw new BadInputException($"{option.Name}: must be numbers above 0 with commas between them, or none; was \"{text}\"");
        }
    }
}
