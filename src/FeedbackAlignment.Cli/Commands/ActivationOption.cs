using System.CommandLine;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>An option whose value is the id of an activation.</summary>
/// <param name="name">The option, e.g. <c>--activation</c>.</param>
/// <param name="description">Help.</param>
internal sealed class ActivationOption(string name, string description)
{
    /// <summary>The ids of all activations, in a sentence.</summary>
    public static string Known => $"{string.Join(", ", Activation.Standard.Entries.SkipLast(1))} or {Activation.Standard.Entries[^1]}";

    public Option<string?> Option { get; } = new(name) { Description = description, HelpName = "id" };

    /// <summary>The activation that was asked for; null if none was.</summary>
    public Activation? Read(ParseResult parsed)
    {
        if (parsed.GetValue(Option) is not { } id)
        {
            return null;
        }

        var ids = Activation.Standard.Entries.Select(activation => activation.Id).ToList();
        return Activation.Standard.Entries.FirstOrDefault(activation => activation.Id == id)
            ?? throw new BadInputException($"{name}: must be one of {string.Join(", ", ids)}; was \"{id}\"{DidYouMean.Hint(id, ids)}");
    }

    public static ActivationOption Hidden()
        => new("--activation", $"Activation of the hidden layers: {Known}. [default: as in the file]");

    public static ActivationOption Output()
        => new("--output-activation", "Activation of the output layer. [default: as in the file, else linear]");
}
