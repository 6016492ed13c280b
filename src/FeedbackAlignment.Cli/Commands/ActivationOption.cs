using System.CommandLine;
using FeedbackAlignment.Catalogs;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Cli.Commands;

/// <summary>An option whose value is the id of an activation.</summary>
/// <param name="name">The option, e.g. <c>--activation</c>.</param>
/// <param name="description">Help.</param>
/// <param name="activations">Those that there are.</param>
internal sealed class ActivationOption(string name, string description, Catalog<Activation> activations)
{
    public Option<string?> Option { get; } = new(name) { Description = description, HelpName = "id" };

    /// <summary>The activation that was asked for; null if none was.</summary>
    public Activation? Read(ParseResult parsed)
        => parsed.GetValue(Option) is not { } id ? null
            : activations.Find(id) ?? throw new BadInputException(
                $"{name}: must be one of {string.Join(", ", activations.Ids)}; was \"{id}\"{DidYouMean.Hint(id, activations.Ids)}");

    public static ActivationOption Hidden(Components components) => new(
        "--activation", $"Activation of the hidden layers: {SpecOption.Or(components.Activations.Ids)}. [default: as in the file]",
        components.Activations);

    public static ActivationOption Output(Components components) => new(
        "--output-activation", "Activation of the output layer. [default: as in the file, else linear]", components.Activations);
}
