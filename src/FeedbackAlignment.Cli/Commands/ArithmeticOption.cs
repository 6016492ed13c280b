using System.CommandLine;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Cli.Commands;

/// <summary><c>--arithmetic</c>, which all commands have that compute.</summary>
internal static class ArithmeticOption
{
    /// <summary>What counts where a trained network answers.</summary>
    public const string OfARun = "that of the run; fused for other networks";

    private const string Name = "--arithmetic";

    /// <summary>A new one: an option keeps all commands that it was ever added to.</summary>
    /// <param name="usual">What counts where it is left out.</param>
    public static Option<string?> New(string usual = "fused") => new(Name)
    {
        Description = "Add products rounded once (fused) or twice (separate: as WebAssembly does, which has no fused multiply-add). "
            + $"The two give different bits. [default: {usual}]",
        HelpName = "kind",
    };

    /// <summary>Has the process compute as was asked. Comes before the first number.</summary>
    /// <exception cref="BadInputException">There is no such kind, or the process computes with another already.</exception>
    public static void Apply(ParseResult parsed)
    {
        if (Of(parsed) is not { } word)
        {
            return;
        }

        var kinds = Enum.GetValues<Arithmetic>();
        if (!Array.Exists(kinds, kind => ArithmeticOfProcess.Word(kind) == word))
        {
            throw new BadInputException($"{Name}: must be fused or separate, was {ForeignText.Quoted(word)}");
        }

        if (!ArithmeticOfProcess.TryTake(Array.Find(kinds, kind => ArithmeticOfProcess.Word(kind) == word)))
        {
            throw new BadInputException(
                $"{Name}: this process has begun to compute with {ArithmeticOfProcess.Word(Compute.Arithmetic)} arithmetic");
        }
    }

    /// <summary>Where nothing was asked, a run answers as it learned.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">What the user named: a run, or another network, which says nothing.</param>
    public static void LikeRun(ParseResult parsed, string model)
    {
        if (Of(parsed) is null && FinishedRun.ArithmeticOf(model) is { } kind)
        {
            _ = ArithmeticOfProcess.TryTake(kind);
        }
    }

    private static string? Of(ParseResult parsed)
        => parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == Name) is Option<string?> option
            ? parsed.GetValue(option) : null;
}
