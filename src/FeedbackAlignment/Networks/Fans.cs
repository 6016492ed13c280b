namespace FeedbackAlignment.Networks;

/// <summary>How many numbers weights bring together; initial sizes depend on it.</summary>
/// <param name="In">Inputs that an output sees.</param>
/// <param name="Out">Outputs that an input is seen by.</param>
internal readonly record struct Fans(int In, int Out);
