using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace FeedbackAlignment.Experiments.Tests.Runs;

/// <summary>Makes a checkpoint one of version 0.1, which has no spec in its note.</summary>
internal static class OldCheckpoint
{
    /// <summary>Magic and version, then the first part: length of its name, "note", what it holds, rows.</summary>
    private const int ColumnsAt = 8 + 4 + 2 + 4 + 1 + 4, NoteAt = ColumnsAt + 4, ChecksumBytes = 32;

    public static void RemoveSpec(string file)
    {
        var bytes = File.ReadAllBytes(file);
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(ColumnsAt));
        var note = JsonNode.Parse(Encoding.UTF8.GetString(bytes, NoteAt, length))!.AsObject();
        Assert.True(note.Remove("spec"));
        var shorter = Encoding.UTF8.GetBytes(note.ToJsonString());
        var columns = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(columns, shorter.Length);
        byte[] body = [.. bytes[..ColumnsAt], .. columns, .. shorter, .. bytes[(NoteAt + length)..^ChecksumBytes]];
        File.WriteAllBytes(file, [.. body, .. SHA256.HashData(body)]);
    }
}
