namespace FeedbackAlignment.Cli;

/// <summary>What the command tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>All was done.</summary>
    public const int Done = 0;

    /// <summary>A run diverged or was stopped, or something broke.</summary>
    public const int Failed = 1;

    /// <summary>What was asked cannot be done as it was asked; nothing was written.</summary>
    public const int BadInput = 2;
}
