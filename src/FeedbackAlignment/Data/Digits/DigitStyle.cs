using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data.Digits;

/// <summary>
/// How one digit is written: everything about the hand, the pen and the paper that is not the shape of the digit. The constants
/// are the difficulty of the task (measured in DigitGenerator's remarks); lengths are in pixels unless they say otherwise, and a spread
/// is the half-width of a uniform distribution: its bounds keep every digit legible, its corners defeat fixed random features.
/// </summary>
internal sealed class DigitStyle
{
    /// <summary>Height of a digit.</summary>
    private const float MeanHeight = 18.5f, HeightSpread = 2.5f;

    /// <summary>Factor on the width.</summary>
    private const float MeanAspect = 1f, AspectSpread = 0.25f;

    /// <summary>Shear to the right, in widths per height: most people lean forward.</summary>
    private const float MeanSlant = 0.12f, SlantSpread = 0.25f;

    /// <summary>tan of half the rotation: 0.1 is 11°.</summary>
    private const float RotationSpread = 0.12f;

    /// <summary>Shift of the middle of the digit.</summary>
    private const float ShiftSpread = 2.25f;

    /// <summary>Radius of the pen and how much pressure changes it along a stroke.</summary>
    private const float ThinnestPen = 0.75f, ThickestPen = 1.75f, PressureSpread = 0.35f;

    /// <summary>Width of a line's soft edge.</summary>
    private const float SharpestEdge = 0.8f, SoftestEdge = 1.6f;

    /// <summary>How dark the ink is.</summary>
    private const float PalestInk = 0.7f;

    /// <summary>Gray of the paper and the noise on every pixel.</summary>
    private const float DarkestPaper = 0.06f, StrongestNoise = 0.1f;

    /// <summary>Wobble of each point the pen passes, in heights.</summary>
    public const float Wobble = 0.03f;

    /// <summary>Displacement at the knots of the elastic deformation, in heights.</summary>
    public const float Elasticity = 0.08f;

    /// <summary>Draws a style.</summary>
    public DigitStyle(RandomStream stream)
    {
        Height = MeanHeight + HeightSpread * Symmetric(stream);
        Width = Height * (MeanAspect + AspectSpread * Symmetric(stream));
        Slant = MeanSlant + SlantSpread * Symmetric(stream);
        var half = RotationSpread * Symmetric(stream);
        // cos and sin from the tangent of the half angle: exact arithmetic on every platform, no libm.
        (Cosine, Sine) = ((1 - half * half) / (1 + half * half), 2 * half / (1 + half * half));
        (ShiftX, ShiftY) = (ShiftSpread * Symmetric(stream), ShiftSpread * Symmetric(stream));
        Pen = stream.NextUniform(ThinnestPen, ThickestPen);
        (PressureSlope, PressureBow) = (PressureSpread * Symmetric(stream), PressureSpread * Symmetric(stream));
        Edge = stream.NextUniform(SharpestEdge, SoftestEdge);
        Ink = stream.NextUniform(PalestInk, 1);
        Paper = stream.NextUniform(0, DarkestPaper);
        Noise = stream.NextUniform(0, StrongestNoise);
    }

    public float Height { get; }

    public float Width { get; }

    public float Slant { get; }

    public float Cosine { get; }

    public float Sine { get; }

    public float ShiftX { get; }

    public float ShiftY { get; }

    public float Pen { get; }

    public float PressureSlope { get; }

    public float PressureBow { get; }

    public float Edge { get; }

    public float Ink { get; }

    public float Paper { get; }

    public float Noise { get; }

    /// <summary>From the unit glyph to pixels.</summary>
    public (float X, float Y) Place(float x, float y)
    {
        var across = Width * x - Slant * Height * y;
        var down = Height * y;
        const float middle = (DigitGenerator.Side - 1) / 2f;
        return (middle + ShiftX + Cosine * across - Sine * down, middle + ShiftY + Sine * across + Cosine * down);
    }

    /// <summary>Radius of the pen at a place of a stroke.</summary>
    /// <param name="progress">0 at the start of the stroke, 1 at its end.</param>
    public float PenAt(float progress)
        => Pen * (1 + PressureSlope * (1 - 2 * progress) + PressureBow * (4 * progress * (1 - progress) - 0.5f));

    /// <summary>Uniform in (−1, 1).</summary>
    public static float Symmetric(RandomStream stream) => 2 * stream.NextSingle() - 1;
}
