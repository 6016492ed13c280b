namespace FeedbackAlignment.Fuzzing;

/// <summary>What came of one damaged input.</summary>
/// <param name="Accepted">Whether it was read as a value (else: refused as documented).</param>
/// <param name="Bytes">The memory that this allocated.</param>
/// <param name="Trouble">What went wrong; null if nothing did.</param>
internal sealed record Verdict(bool Accepted, long Bytes, string? Trouble);

/// <summary>A series of damaged inputs, each made again from its number alone.</summary>
internal interface IWork
{
    /// <summary>What the input of a number is counted under.</summary>
    string Group(long number);

    /// <summary>The options of this program that make the input again.</summary>
    string Again(long number);

    /// <summary>Makes the input, and has it read.</summary>
    Verdict Try(long number);

    /// <summary>What went wrong with all inputs together; null if nothing did.</summary>
    string? Close();
}
