namespace FeedbackAlignment.Experiments.Data;

/// <summary>Where data files lie.</summary>
public static class DataDirectory
{
    /// <summary>Name of the environment variable that names the folder.</summary>
    public const string Variable = "FA_DATA";

    /// <summary>The folder: what the user said, else the environment, else <c>data</c> here.</summary>
    /// <param name="chosen">What the user said (<c>--data-dir</c>), if anything.</param>
    /// <param name="environment">The value of <see cref="Variable"/>, if set.</param>
    public static string Resolve(string? chosen, string? environment)
        => !string.IsNullOrWhiteSpace(chosen) ? chosen : !string.IsNullOrWhiteSpace(environment) ? environment : Path.Combine(".", "data");
}
