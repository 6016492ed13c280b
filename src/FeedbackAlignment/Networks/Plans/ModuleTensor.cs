namespace FeedbackAlignment.Networks;

/// <summary>Numbers that a module of a plan keeps: a parameter or a buffer, which files have under the module's name.</summary>
/// <param name="Part">What it is called behind the module's name, e.g. <c>scale</c> for <c>norm1.scale</c>.</param>
/// <param name="Rows">Rows; 1 for a number per unit.</param>
/// <param name="Columns">Columns.</param>
public sealed record ModuleTensor(string Part, int Rows, int Columns)
{
    /// <summary>What PyTorch calls it behind the module's number; by default the part with underscores.</summary>
    public string PyTorchName { get; init; } = Part?.Replace('-', '_') ?? throw new ArgumentNullException(nameof(Part));
}
