using System.Globalization;

namespace FeedbackAlignment.Data.Digits;

/// <summary>A point that the pen passes; at a corner it stops and turns.</summary>
internal readonly record struct PenPoint(float X, float Y, bool Corner);

/// <summary>One way of writing a digit: strokes, each a list of points that the pen passes.</summary>
internal sealed record DigitGlyph(IReadOnlyList<PenPoint[]> Strokes);

/// <summary>
/// The ways of writing the ten digits. Numbers are hundredths of the digit's height, x to the right and y down from its middle;
/// <c>^</c> marks a corner, <c>|</c> lifts the pen.
/// </summary>
internal static class DigitGlyphs
{
    private static readonly IReadOnlyList<IReadOnlyList<string>> _drawings =
    [
        [
            "8,-48 -14,-45 -29,-22 -31,6 -24,35 -4,50 18,42 30,16 30,-14 20,-38 2,-49",
            "14,-42 -6,-50 -25,-32 -32,0 -24,34 0,50 24,36 32,4 27,-28 8,-47 -10,-38",
            "2,-50 -20,-36 -27,0 -18,38 2,50 21,36 27,0 19,-37 -2,-49 -9,-44",
        ],
        [
            "2,-50 1,-20 0,10 -1,50",
            "-17,-29 -6,-38 4,-50^ 3,-15 2,15 1,50",
            "-18,-28 -5,-38 3,-50^ 2,-10 1,46 | -19,48 1,47 22,46",
            "6,-50 3,-25 -1,5 -6,50",
        ],
        [
            "-27,-28 -16,-46 6,-50 24,-38 23,-16 6,8 -15,30 -29,47^ -8,45 12,45 31,46",
            "-26,-34 -8,-49 14,-46 25,-29 18,-6 0,16 -18,36 -28,44 -22,30 -8,30 6,43 22,48 33,38",
            "-23,-38 0,-49 20,-42 24,-24 12,-2 -8,22 -27,46^ 0,46 30,44",
        ],
        [
            "-24,-36 -8,-49 14,-46 22,-29 10,-9 -7,-4^ 14,1 27,18 22,40 0,50 -26,41",
            "-25,-47 0,-48 24,-48^ 10,-27 -4,-10^ 18,-4 28,16 20,41 -4,50 -27,42",
            "-22,-42 2,-50 20,-38 15,-16 -4,-5 -8,-4 12,-1 25,14 24,34 6,48 -14,48 -27,38",
        ],
        [
            "-20,-46 -24,-20 -28,4^ -4,6 32,3 | 14,-28 12,5 9,50",
            "12,-50^ -8,-22 -32,14^ 0,14 34,13 | 14,-49 13,0 11,50",
            "-24,-48 -27,-18 -15,2 6,2 22,-8^ | 25,-48 20,-5 16,50",
            "16,50 17,0 18,-50^ -6,-18 -31,16^ 0,17 33,15",
        ],
        [
            "24,-47 0,-47 -19,-46^ -22,-26 -24,-6^ -4,-14 18,-6 27,16 20,40 -2,50 -27,42",
            "-17,-48 -20,-28 -23,-8^ -2,-12 20,0 26,22 14,43 -8,49 -27,41 | -17,-47 4,-48 28,-49",
            "26,-49 4,-46 -16,-44^ -19,-24 -20,-10 2,-12 21,0 24,22 10,43 -12,49 -25,44",
        ],
        [
            "18,-49 -4,-36 -20,-12 -26,16 -20,40 0,50 20,40 24,20 10,4 -8,6 -22,22",
            "6,-50 -10,-26 -20,2 -24,28 -12,47 10,48 23,32 18,12 0,6 -18,18 -22,30",
            "24,-42 8,-50 -12,-38 -24,-10 -27,18 -16,44 8,49 25,34 22,12 2,2 -18,12 -26,26",
        ],
        [
            "-28,-45 0,-46 29,-47^ 16,-18 4,14 -6,50",
            "-28,-44 0,-46 28,-47^ 15,-18 4,14 -5,50 | -14,3 4,1 25,0",
            "-29,-33 -27,-46^ 0,-44 28,-48^ 20,-22 6,6 0,28 -2,50",
            "-27,-40 -14,-48 6,-42 28,-47 17,-22 2,12 -10,50",
        ],
        [
            "22,-34 6,-49 -14,-45 -22,-28 -8,-8 14,8 24,28 10,48 -12,47 -24,30 -14,10 8,-8 20,-24 20,-38",
            "2,-4 -19,-16 -20,-38 0,-50 19,-39 18,-17 0,-4 -24,12 -25,36 0,50 25,37 24,12 2,-3",
            "12,-46 -10,-48 -21,-30 -6,-9 16,10 23,32 6,50 -16,46 -24,28 -10,8 12,-12 22,-32 10,-46",
        ],
        [
            "23,-28 10,-48 -12,-47 -24,-28 -18,-8 2,-3 18,-14 24,-32^ 23,-5 20,22 15,50",
            "22,-34 4,-50 -18,-42 -24,-20 -10,-3 12,-8 23,-28 25,-10 22,20 8,44 -12,49 -24,40",
            "20,-42 0,-50 -20,-38 -22,-16 -6,-4 14,-14 22,-36^ 18,-4 10,24 2,50",
        ],
    ];

    private static readonly IReadOnlyList<IReadOnlyList<DigitGlyph>> _glyphs = [.. _drawings.Select(ways => ways.Select(Parse).ToArray())];

    /// <summary>The ways of writing a digit.</summary>
    /// <param name="digit">0 … 9.</param>
    public static IReadOnlyList<DigitGlyph> Of(int digit) => _glyphs[digit];

    private static DigitGlyph Parse(string drawing)
        => new([.. drawing.Split('|').Select(stroke => stroke.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(ParsePoint).ToArray())]);

    private static PenPoint ParsePoint(string text)
    {
        var numbers = text.TrimEnd('^').Split(',');
        return new(Hundredths(numbers[0]), Hundredths(numbers[1]), text.EndsWith('^'));
    }

    private static float Hundredths(string number) => int.Parse(number, CultureInfo.InvariantCulture) / 100f;
}
